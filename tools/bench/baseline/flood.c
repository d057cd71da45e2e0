// Sends datagrams as fast as it can from one socket to a port, and takes off another socket what comes there.
// flood mmsg|gso SIZE, then the port to send to as a line of standard input; it sends until that ends. With gso, packets are
// sealed with AES-128-GCM and leave joined.
#include "baseline.h"
#include "gcm.h"

enum { LONGEST_SEND = 65507 };

static unsigned char packets[BATCH][2048];
static unsigned char joined[BATCH * 2048];
static char sink_bytes[BATCH][65536];

_Noreturn static void drain(int sock)
{
    struct iovec parts[BATCH];
    struct mmsghdr rows[BATCH];
    memset(rows, 0, sizeof rows);
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){ sink_bytes[i], sizeof sink_bytes[i] };
        rows[i].msg_hdr.msg_iov = &parts[i];
        rows[i].msg_hdr.msg_iovlen = 1;
    }
    for (;;) {
        // It looks by the clock and is never woken: who sends to it pays for no waking.
        while (recvmmsg(sock, rows, BATCH, MSG_DONTWAIT, NULL) == BATCH)
            ;
        usleep(500);
    }
}

static int has_ended(void)
{
    struct pollfd one = { .fd = STDIN_FILENO, .events = POLLIN };
    char byte;
    return poll(&one, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

static void flood_plain(int sock, struct sockaddr_in *to, int size)
{
    struct iovec parts[BATCH];
    struct mmsghdr rows[BATCH];
    memset(rows, 0, sizeof rows);
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){ packets[i], (size_t)size };
        rows[i].msg_hdr = (struct msghdr){ .msg_name = to, .msg_namelen = sizeof *to, .msg_iov = &parts[i], .msg_iovlen = 1 };
    }
    while (!has_ended())
        sendmmsg(sock, rows, BATCH, 0);
}

// The same sealed packets again and again: only who opens them would notice.
static void flood_joined(int sock, struct sockaddr_in *to, int size)
{
    EVP_CIPHER_CTX *key = make_key(1, 1);
    int count = LONGEST_SEND / size < BATCH ? LONGEST_SEND / size : BATCH;
    for (int i = 0; i < count; i++) {
        uint64_t number = (uint64_t)i;
        memcpy(joined + i * size, &number, sizeof number);
        seal(key, joined + i * size, size);
    }
    if (setsockopt(sock, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size) < 0)
        fail("UDP_SEGMENT");
    while (!has_ended())
        sendto(sock, joined, (size_t)(count * size), 0, (struct sockaddr *)to, sizeof *to);
}

int main(int count, char **words)
{
    int port;
    if (count != 3)
        return 2;
    int joins = strcmp(words[1], "gso") == 0, size = atoi(words[2]);
    if (size < NUMBER + TAG || size > 2048)
        return 2;
    int from = open_socket(), to = open_socket();
    printf("%d %d\n", port_of(from), port_of(to));
    fflush(stdout);
    if (scanf("%d", &port) != 1)
        return 1;
    pid_t child = fork();
    if (child == 0) {
        if (joins)
            use_gro(to);
        drain(to);
    }
    struct sockaddr_in target = loopback(port);
    if (joins) {
        load_crypto();
        flood_joined(from, &target, size);
    } else {
        flood_plain(from, &target, size);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    printf("done\n");
    return 0;
}
