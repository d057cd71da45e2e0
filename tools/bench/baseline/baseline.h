// What the baseline programs share: sockets on the loopback, and rows of messages for recvmmsg and sendmmsg.
// Each prints one line with its ports, works until its standard input ends, and then prints one line with what it did.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

enum { BATCH = 64, BUFFER_BYTES = 4 << 20 };

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int port_of(int sock)
{
    struct sockaddr_in at;
    socklen_t length = sizeof at;
    if (getsockname(sock, (struct sockaddr *)&at, &length) < 0)
        fail("getsockname");
    return ntohs(at.sin_port);
}

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

static int open_socket(void)
{
    int sock = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in at = loopback(0);
    int bytes = BUFFER_BYTES;
    if (sock < 0 || bind(sock, (struct sockaddr *)&at, sizeof at) < 0)
        fail("socket");
    if (setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0)
        setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    if (setsockopt(sock, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) < 0)
        setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    return sock;
}

static inline void use_gro(int sock)
{
    int on = 1;
    if (setsockopt(sock, IPPROTO_UDP, UDP_GRO, &on, sizeof on) < 0)
        fail("UDP_GRO");
}

// Sleeps until the socket is readable. Zero once standard input has ended, which is the order to stop.
static inline int wait_for(int sock)
{
    struct pollfd two[2] = { { .fd = sock, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
    char byte;
    if (poll(two, 2, -1) < 0 && errno != EINTR)
        fail("poll");
    return !(two[1].revents && read(STDIN_FILENO, &byte, 1) <= 0);
}
