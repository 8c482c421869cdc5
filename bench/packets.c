/*
 * Packets for the benchmarks, sent from a network namespace by the program that nsenter starts.
 *
 *   packets forward ADDRESS PORT COUNT      one UDP flow, COUNT packets per operation
 *   packets connect ADDRESS PORT COUNT RATE COUNT new UDP connections per operation, one packet
 *                                           each, from the next source port; RATE per second
 *
 * Every line on standard input is a number: so many operations are done, and answered by as many
 * lines of nanoseconds on standard output: of processor time for one packet (forward), of time for
 * all of them (connect). Any surprise ends the program with a message.
 *
 * Forward begins with a packet that must be answered, so that connection tracking knows the flow as
 * established. Virtual links carry a packet through the router inside the sender's send(2), in a
 * softirq that is counted as the sender's time: so that its processor time is what a packet costs,
 * whatever else the machine does. Source: clock_gettime(2), raw(7), udp(7).
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FIRST_PORT 2048
#define LAST_PORT 60000
#define PAYLOAD 64

static void die(const char *what) {
  fprintf(stderr, "packets: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int open_flow(const struct sockaddr_in *to) {
  int flow = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct timeval limit = {.tv_sec = 5};
  char answer[PAYLOAD];
  if (flow < 0 || connect(flow, (const struct sockaddr *)to, sizeof *to) < 0 ||
      setsockopt(flow, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0 ||
      send(flow, "first", 5, 0) != 5 || recv(flow, answer, sizeof answer, 0) < 0)
    die("the flow is not answered");
  return flow;
}

static int64_t forward(int flow, int count) {
  static const char payload[PAYLOAD];
  int64_t begin = now(CLOCK_THREAD_CPUTIME_ID);
  for (int i = 0; i < count; i++)
    if (send(flow, payload, sizeof payload, 0) != sizeof payload) die("send");
  return (now(CLOCK_THREAD_CPUTIME_ID) - begin) / count;
}

static int64_t connect_many(int raw, const struct sockaddr_in *to, int count, int rate) {
  static int port = FIRST_PORT;
  struct sockaddr_in address = *to;
  address.sin_port = 0; /* raw(7) */
  int64_t begin = now(CLOCK_MONOTONIC);
  for (int i = 0; i < count; i++) {
    struct {
      struct udphdr header;
      char payload[PAYLOAD];
    } packet = {.header = {.source = htons(port), .dest = to->sin_port, .len = htons(sizeof packet)}};
    port = port == LAST_PORT ? FIRST_PORT : port + 1;
    if (sendto(raw, &packet, sizeof packet, 0, (struct sockaddr *)&address, sizeof address) < 0)
      die("sendto");
    int64_t ahead = begin + (i + 1) * 1000000000LL / rate - now(CLOCK_MONOTONIC);
    if (ahead > 100000) usleep(ahead / 1000);
  }
  return now(CLOCK_MONOTONIC) - begin;
}

int main(int count, char **arguments) {
  int forwards = count == 5 && strcmp(arguments[1], "forward") == 0;
  if (!forwards && !(count == 6 && strcmp(arguments[1], "connect") == 0)) {
    fputs("usage: packets forward ADDRESS PORT COUNT | connect ADDRESS PORT COUNT RATE\n", stderr);
    return 2;
  }
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(arguments[3]))};
  if (inet_pton(AF_INET, arguments[2], &to.sin_addr) != 1) die(arguments[2]);
  int packets = atoi(arguments[4]);
  int out = forwards ? open_flow(&to) : socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP);
  if (out < 0) die("socket");
  char line[32];
  while (fgets(line, sizeof line, stdin) != NULL) {
    for (int left = atoi(line); left > 0; left--) {
      int64_t took =
          forwards ? forward(out, packets) : connect_many(out, &to, packets, atoi(arguments[5]));
      printf("%lld\n", (long long)took);
    }
    fflush(stdout);
  }
  return 0;
}
