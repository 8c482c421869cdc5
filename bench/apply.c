/*
 * What the benchmark of applying is compared with: C that does no more than the kernel demands.
 *
 *   apply replay NAMESPACE SCRIPT       sends what is in the script over one netlink socket
 *   apply fork INPUT PROGRAM [ARG...]   runs the program with the file as its standard input
 *
 * Every line on standard input is a number: so many (timed) operations are done, and answered by
 * as many lines of nanoseconds on standard output. Any surprise ends the program with a message.
 *
 * A script is a sequence of operations, all integers 32 bits in host order: whether it is timed,
 * how many messages it sends, how many refusals the kernel is to answer, then for each message its
 * length and its bytes. After each message the answers are received until none is left, as the
 * kernel queues them before send(2) returns; of each answer only header and error code are looked
 * at. Source: netlink(7).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RECEIVE_BYTES (32 * 1024) /* as the service does */
#define SEND_LIMIT (16 * 1024 * 1024)

static char answers[RECEIVE_BYTES];

static void die(const char *what) {
  fprintf(stderr, "apply: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* A socket in the namespace, with the options the service sets. */
static int open_socket(const char *namespace) {
  int file = open(namespace, O_RDONLY | O_CLOEXEC);
  if (file < 0 || setns(file, CLONE_NEWNET) < 0) die(namespace);
  int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  struct sockaddr_nl address = {.nl_family = AF_NETLINK};
  if (netlink < 0 || bind(netlink, (struct sockaddr *)&address, sizeof address) < 0) die("socket");
  int one = 1, limit = SEND_LIMIT;
  setsockopt(netlink, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof one);
  setsockopt(netlink, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof one);
  if (setsockopt(netlink, SOL_SOCKET, SO_SNDBUFFORCE, &limit, sizeof limit) < 0)
    setsockopt(netlink, SOL_SOCKET, SO_SNDBUF, &limit, sizeof limit);
  return netlink;
}

static char *read_script(const char *path, char **end) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  struct stat status;
  if (file < 0 || fstat(file, &status) < 0) die(path);
  char *script = malloc(status.st_size);
  if (script == NULL) die(path);
  for (off_t at = 0; at < status.st_size;) {
    ssize_t got = read(file, script + at, status.st_size - at);
    if (got <= 0) die(path);
    at += got;
  }
  close(file);
  *end = script + status.st_size;
  return script;
}

static uint32_t next_number(char **at) {
  uint32_t number;
  memcpy(&number, *at, sizeof number);
  *at += sizeof number;
  return number;
}

/* Receives until nothing is left; returns how many of the answers are refusals. */
static uint32_t receive_answers(int netlink) {
  uint32_t refusals = 0;
  for (;;) {
    struct sockaddr_nl from;
    socklen_t from_length = sizeof from;
    ssize_t length = recvfrom(netlink, answers, sizeof answers, MSG_DONTWAIT | MSG_TRUNC,
                              (struct sockaddr *)&from, &from_length);
    if (length < 0 && errno == EAGAIN) return refusals;
    if (length < 0 || length > RECEIVE_BYTES) die("recvfrom");
    int left = (int)length;
    for (struct nlmsghdr *message = (struct nlmsghdr *)answers; NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left))
      if (message->nlmsg_type == NLMSG_ERROR && ((struct nlmsgerr *)NLMSG_DATA(message))->error != 0)
        refusals++;
  }
}

/* Does one operation; returns how long it took, or -1 if it is not a timed one. */
static int64_t operate(int netlink, char **at) {
  uint32_t timed = next_number(at), messages = next_number(at), expected = next_number(at);
  uint32_t refusals = 0;
  int64_t begin = now();
  while (messages-- > 0) {
    uint32_t length = next_number(at);
    if (send(netlink, *at, length, 0) != (ssize_t)length) die("send");
    *at += length;
    refusals += receive_answers(netlink);
  }
  int64_t took = now() - begin;
  if (refusals != expected) {
    fprintf(stderr, "apply: %u refusals instead of %u\n", refusals, expected);
    exit(1);
  }
  return timed ? took : -1;
}

/* From before fork(2) until the program has ended. */
static int64_t run(const char *input, char **command) {
  int64_t begin = now();
  pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) {
    int in = open(input, O_RDONLY), out = open("/dev/null", O_WRONLY);
    if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0) die(input);
    execvp(command[0], command);
    die(command[0]);
  }
  int status;
  if (waitpid(child, &status, 0) < 0) die("waitpid");
  int64_t took = now() - begin;
  if (status != 0) {
    fprintf(stderr, "apply: %s failed\n", command[0]);
    exit(1);
  }
  return took;
}

int main(int count, char **arguments) {
  int replays = count == 4 && strcmp(arguments[1], "replay") == 0;
  if (!replays && !(count >= 4 && strcmp(arguments[1], "fork") == 0)) {
    fputs("usage: apply replay NAMESPACE SCRIPT | apply fork INPUT PROGRAM [ARG...]\n", stderr);
    return 2;
  }
  char *end = NULL, *at = replays ? read_script(arguments[3], &end) : NULL;
  int netlink = replays ? open_socket(arguments[2]) : -1;
  char line[32];
  while (fgets(line, sizeof line, stdin) != NULL) {
    for (int left = atoi(line); left > 0;) {
      if (replays && at >= end) die("the script is over");
      int64_t took = replays ? operate(netlink, &at) : run(arguments[2], arguments + 3);
      if (took >= 0) {
        printf("%lld\n", (long long)took);
        left--;
      }
    }
    fflush(stdout);
  }
  return 0;
}
