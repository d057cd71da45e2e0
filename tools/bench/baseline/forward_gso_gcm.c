// Forwards datagrams between two ports of the loopback, joined on their way in (GRO) and out (GSO), and opens and seals each
// packet with AES-128-GCM: what a relay costs at the least that does nothing but carry.
// forward_gso_gcm PORT PORT
#include "baseline.h"
#include "gcm.h"

enum { MESSAGES = 16, LONGEST = 65536 };

static unsigned char bytes[MESSAGES][LONGEST + 1472];
static char notes[MESSAGES][CMSG_SPACE(sizeof(int))];
static struct sockaddr_in names[MESSAGES];
static struct iovec parts[MESSAGES];
static struct mmsghdr rows[MESSAGES];

static int segment_of(struct msghdr *message, int whole)
{
    for (struct cmsghdr *note = CMSG_FIRSTHDR(message); note != NULL; note = CMSG_NXTHDR(message, note)) {
        if (note->cmsg_level == IPPROTO_UDP && note->cmsg_type == UDP_GRO)
            return *(int *)CMSG_DATA(note);
    }
    return whole;
}

static void cut_into(struct msghdr *message, char *note_bytes, int segment)
{
    message->msg_control = note_bytes;
    message->msg_controllen = CMSG_SPACE(sizeof(uint16_t));
    struct cmsghdr *note = CMSG_FIRSTHDR(message);
    note->cmsg_level = IPPROTO_UDP;
    note->cmsg_type = UDP_SEGMENT;
    note->cmsg_len = CMSG_LEN(sizeof(uint16_t));
    *(uint16_t *)CMSG_DATA(note) = (uint16_t)segment;
}

int main(int count, char **words)
{
    if (count != 3)
        return 2;
    load_crypto();
    EVP_CIPHER_CTX *in = make_key(1, 0), *out = make_key(2, 1);
    struct sockaddr_in ends[2] = { loopback(atoi(words[1])), loopback(atoi(words[2])) };
    int sock = open_socket();
    long forwarded = 0, refused = 0;
    use_gro(sock);
    printf("%d\n", port_of(sock));
    fflush(stdout);
    while (wait_for(sock)) {
        for (int i = 0; i < MESSAGES; i++) {
            parts[i] = (struct iovec){ bytes[i], LONGEST };
            rows[i].msg_hdr = (struct msghdr){ .msg_name = &names[i], .msg_namelen = sizeof names[i], .msg_iov = &parts[i], .msg_iovlen = 1,
                .msg_control = notes[i], .msg_controllen = sizeof notes[i] };
        }
        int got = recvmmsg(sock, rows, MESSAGES, MSG_DONTWAIT, NULL);
        for (int i = 0; i < got; i++) {
            int whole = (int)rows[i].msg_len, segment = segment_of(&rows[i].msg_hdr, whole), packets = 0;
            for (int at = 0; at < whole; at += segment, packets++) {
                int length = whole - at < segment ? whole - at : segment;
                if (length < NUMBER + TAG || !open_packet(in, bytes[i] + at, length))
                    refused++;
                else
                    seal(out, bytes[i] + at, length);
            }
            names[i] = ends[names[i].sin_port == ends[0].sin_port];
            parts[i].iov_len = rows[i].msg_len;
            rows[i].msg_hdr.msg_controllen = 0;
            if (packets > 1)
                cut_into(&rows[i].msg_hdr, notes[i], segment);
            forwarded += packets;
        }
        for (int sent = 0; sent < got;) {
            int now = sendmmsg(sock, rows + sent, (unsigned)(got - sent), 0);
            sent += now > 0 ? now : 1;
        }
    }
    printf("%ld\n", refused == 0 ? forwarded : -refused);
    return 0;
}
