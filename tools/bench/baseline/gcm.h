// AES-128-GCM by OpenSSL's EVP. Declared by hand and found at run time, so that no headers of OpenSSL are needed.
// A sealed packet: | number (8) | ciphertext | tag (16) |; the number is the end of the nonce and is authenticated with it.
#include <dlfcn.h>

enum { NUMBER = 8, NONCE = 12, TAG = 16, GET_TAG = 0x10, SET_TAG = 0x11 };

typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;
typedef struct evp_cipher_st EVP_CIPHER;
static EVP_CIPHER_CTX *(*ctx_new)(void);
static const EVP_CIPHER *(*aes_128_gcm)(void);
static int (*cipher_init)(EVP_CIPHER_CTX *, const EVP_CIPHER *, void *, const unsigned char *, const unsigned char *, int);
static int (*cipher_update)(EVP_CIPHER_CTX *, unsigned char *, int *, const unsigned char *, int);
static int (*cipher_final)(EVP_CIPHER_CTX *, unsigned char *, int *);
static int (*ctx_ctrl)(EVP_CIPHER_CTX *, int, int, void *);

static void load_crypto(void)
{
    void *lib = dlopen("libcrypto.so.3", RTLD_NOW);
    if (lib == NULL) {
        fprintf(stderr, "libcrypto.so.3 is missing.\n");
        exit(3);
    }
    ctx_new = (EVP_CIPHER_CTX * (*)(void)) dlsym(lib, "EVP_CIPHER_CTX_new");
    aes_128_gcm = (const EVP_CIPHER *(*)(void))dlsym(lib, "EVP_aes_128_gcm");
    cipher_init = (int (*)(EVP_CIPHER_CTX *, const EVP_CIPHER *, void *, const unsigned char *, const unsigned char *, int))dlsym(lib, "EVP_CipherInit_ex");
    cipher_update = (int (*)(EVP_CIPHER_CTX *, unsigned char *, int *, const unsigned char *, int))dlsym(lib, "EVP_CipherUpdate");
    cipher_final = (int (*)(EVP_CIPHER_CTX *, unsigned char *, int *))dlsym(lib, "EVP_CipherFinal_ex");
    ctx_ctrl = (int (*)(EVP_CIPHER_CTX *, int, int, void *))dlsym(lib, "EVP_CIPHER_CTX_ctrl");
    if (!ctx_new || !aes_128_gcm || !cipher_init || !cipher_update || !cipher_final || !ctx_ctrl)
        exit(3);
}

static EVP_CIPHER_CTX *make_key(unsigned char fill, int seals)
{
    unsigned char key[16];
    memset(key, fill, sizeof key);
    EVP_CIPHER_CTX *context = ctx_new();
    if (context == NULL || cipher_init(context, aes_128_gcm(), NULL, key, NULL, seals) != 1)
        exit(3);
    return context;
}

// Seals the packet in its place; its number, and room for the tag, are there.
static void seal(EVP_CIPHER_CTX *key, unsigned char *packet, int length)
{
    unsigned char nonce[NONCE] = { 0 };
    int moved;
    memcpy(nonce + NONCE - NUMBER, packet, NUMBER);
    cipher_init(key, NULL, NULL, NULL, nonce, -1);
    cipher_update(key, NULL, &moved, packet, NUMBER);
    cipher_update(key, packet + NUMBER, &moved, packet + NUMBER, length - NUMBER - TAG);
    cipher_final(key, packet + length - TAG, &moved);
    ctx_ctrl(key, GET_TAG, TAG, packet + length - TAG);
}

// Opens the packet in its place. Zero if it is not authentic.
static inline int open_packet(EVP_CIPHER_CTX *key, unsigned char *packet, int length)
{
    unsigned char nonce[NONCE] = { 0 }, rest[TAG];
    int moved;
    memcpy(nonce + NONCE - NUMBER, packet, NUMBER);
    cipher_init(key, NULL, NULL, NULL, nonce, -1);
    ctx_ctrl(key, SET_TAG, TAG, packet + length - TAG);
    cipher_update(key, NULL, &moved, packet, NUMBER);
    cipher_update(key, packet + NUMBER, &moved, packet + NUMBER, length - NUMBER - TAG);
    return cipher_final(key, rest, &moved) == 1;
}
