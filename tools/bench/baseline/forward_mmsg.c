// Forwards datagrams between two ports of the loopback, by recvmmsg and sendmmsg in batches of 64 and nothing else.
// forward_mmsg PORT PORT
#include "baseline.h"

static char bytes[BATCH][2048];
static struct sockaddr_in names[BATCH];
static struct iovec parts[BATCH];
static struct mmsghdr rows[BATCH];

int main(int count, char **words)
{
    if (count != 3)
        return 2;
    struct sockaddr_in ends[2] = { loopback(atoi(words[1])), loopback(atoi(words[2])) };
    int sock = open_socket();
    long forwarded = 0;
    printf("%d\n", port_of(sock));
    fflush(stdout);
    while (wait_for(sock)) {
        for (int i = 0; i < BATCH; i++) {
            parts[i] = (struct iovec){ bytes[i], sizeof bytes[i] };
            rows[i].msg_hdr = (struct msghdr){ .msg_name = &names[i], .msg_namelen = sizeof names[i], .msg_iov = &parts[i], .msg_iovlen = 1 };
        }
        int got = recvmmsg(sock, rows, BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < got; i++) {
            names[i] = ends[names[i].sin_port == ends[0].sin_port];
            parts[i].iov_len = rows[i].msg_len;
        }
        for (int sent = 0; sent < got;) {
            int now = sendmmsg(sock, rows + sent, (unsigned)(got - sent), 0);
            sent += now > 0 ? now : 1;
            forwarded += now > 0 ? now : 0;
        }
    }
    printf("%ld\n", forwarded);
    return 0;
}
