/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* A load generator for HTTP/1.1 over keep-alive connections, one request in flight on each:
 * `http-load --port N --path /… [--method POST] [--body JSON] [--token T] [--connections 64]
 * [--requests 100000] [--rate R]`. In the body `{uuid}` becomes a fresh UUID. With a rate the
 * requests start at fixed times and the latency counts from there (no coordinated omission).
 * Prints one line of JSON: rate, p50, p99 and maximum in microseconds, statuses. */

#define BUFFER 65536

typedef struct {
  int fd;
  char in[BUFFER];
  gsize in_length;
  char *out;
  gsize out_length, out_at;
  gint64 started_ns;
  gboolean is_busy;
} Connection;

static int option_port = 8480, option_connections = 64, option_requests = 100000;
static double option_rate;
static char *option_path = "/health/live", *option_method = "GET", *option_body, *option_token,
            *option_host = "127.0.0.1";
static guint64 *latencies;
static int n_started, n_finished, n_errors, statuses[600];
static guint64 random_state = 88172645463325252u;
static gint64 begun_ns;

static gint64
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static guint64
next_random (void)
{
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}

static void
append_body (GString *out)
{
  const char *mark = strstr (option_body, "{uuid}");
  guint64 a = next_random (), b = next_random ();

  if (mark == NULL) {
    g_string_append (out, option_body);
    return;
  }
  g_string_append_len (out, option_body, mark - option_body);
  g_string_append_printf (out, "%08x-%04x-4%03x-8%03x-%012" G_GINT64_MODIFIER "x",
                          (guint) (a >> 32), (guint) (a >> 16) & 0xffff, (guint) a & 0xfff,
                          (guint) (b >> 52), b & G_GUINT64_CONSTANT (0xffffffffffff));
  g_string_append (out, mark + 6);
}

static char *
make_request (gsize *out_length)
{
  g_autoptr (GString) body = g_string_new (NULL);
  GString *request = g_string_new (NULL);

  if (option_body != NULL)
    append_body (body);
  g_string_append_printf (request, "%s %s HTTP/1.1\r\nHost: %s:%d\r\n", option_method, option_path,
                          option_host, option_port);
  if (option_token != NULL)
    g_string_append_printf (request, "Authorization: Bearer %s\r\n", option_token);
  if (option_body != NULL)
    g_string_append_printf (request, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
                            body->len);
  g_string_append (request, "\r\n");
  g_string_append_len (request, body->str, body->len);
  *out_length = request->len;
  return g_string_free (request, FALSE);
}

static void
push (Connection *self)
{
  while (self->out_at < self->out_length) {
    gssize n =
        send (self->fd, self->out + self->out_at, self->out_length - self->out_at, MSG_NOSIGNAL);
    if (n < 0) {
      if (errno != EAGAIN)
        n_errors++;
      return;
    }
    self->out_at += n;
  }
}

static void
start (Connection *self)
{
  gint64 now = now_ns ();

  if (n_started >= option_requests)
    return;
  self->started_ns = option_rate > 0 ? begun_ns + (gint64) (n_started * 1e9 / option_rate) : now;
  n_started++;
  g_free (self->out);
  self->out = make_request (&self->out_length);
  self->out_at = 0;
  self->in_length = 0;
  self->is_busy = TRUE;
  push (self);
}

/* TRUE when a whole reply is in the buffer. */
static gboolean
is_complete (Connection *self, int *out_status)
{
  self->in[self->in_length] = '\0';
  char *end = strstr (self->in, "\r\n\r\n");
  if (end == NULL)
    return FALSE;
  *out_status = atoi (self->in + 9);
  char *length = strcasestr (self->in, "\r\ncontent-length:");
  gsize body = length != NULL && length < end ? strtoul (length + 17, NULL, 10) : 0;
  return self->in_length >= (gsize) (end + 4 - self->in) + body;
}

static void
on_readable (Connection *self)
{
  int status = 0;
  gssize n = recv (self->fd, self->in + self->in_length, BUFFER - 1 - self->in_length, 0);

  if (n <= 0) {
    if (n == 0 || errno != EAGAIN) {
      fprintf (stderr, "a connection was closed\n");
      exit (1);
    }
    return;
  }
  self->in_length += n;
  if (!self->is_busy || !is_complete (self, &status))
    return;
  latencies[n_finished++] = now_ns () - self->started_ns;
  statuses[CLAMP (status, 0, 599)]++;
  self->is_busy = FALSE;
  if (option_rate == 0)
    start (self);
}

static Connection *
open_connection (int epoll_fd)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (option_port) };
  Connection *self = g_new0 (Connection, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = self };
  int on = 1;

  inet_pton (AF_INET, option_host, &address.sin_addr);
  self->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect (self->fd, (struct sockaddr *) &address, sizeof address) != 0) {
    perror ("connect");
    exit (1);
  }
  setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl (self->fd, F_SETFL, O_NONBLOCK);
  epoll_ctl (epoll_fd, EPOLL_CTL_ADD, self->fd, &event);
  return self;
}

static int
compare (const void *a, const void *b)
{
  guint64 x = *(const guint64 *) a, y = *(const guint64 *) b;

  return x < y ? -1 : x > y;
}

static void
report (double seconds)
{
  qsort (latencies, n_finished, sizeof *latencies, compare);
  printf ("{\"requests\":%d,\"seconds\":%.3f,\"rate\":%.0f,\"p50_us\":%.0f,\"p99_us\":%.0f,\"p999_"
          "us\":%.0f,\"max_us\":%.0f,\"errors\":%d,\"statuses\":{",
          n_finished, seconds, n_finished / seconds, latencies[n_finished / 2] / 1e3,
          latencies[(int) (n_finished * 0.99)] / 1e3, latencies[(int) (n_finished * 0.999)] / 1e3,
          latencies[n_finished - 1] / 1e3, n_errors);
  const char *comma = "";
  for (int i = 0; i < 600; i++)
    if (statuses[i] > 0) {
      printf ("%s\"%d\":%d", comma, i, statuses[i]);
      comma = ",";
    }
  printf ("}}\n");
}

/* With a rate: starts what is due on idle connections; returns how long to wait. */
static int
start_due (GPtrArray *connections)
{
  static guint next;
  gint64 now = now_ns ();

  while (n_started < option_requests &&
         begun_ns + (gint64) (n_started * 1e9 / option_rate) <= now) {
    guint tried = 0;
    Connection *connection;
    do
      connection = g_ptr_array_index (connections, next++ % connections->len);
    while (connection->is_busy && ++tried < connections->len);
    if (connection->is_busy)
      return 1; /* all are busy: it starts late and its latency says so */
    start (connection);
  }
  return n_started < option_requests ? 0 : 100;
}

int
main (int argc, char **argv)
{
  const GOptionEntry entries[] = {
    { "host", 0, 0, G_OPTION_ARG_STRING, &option_host, NULL, NULL },
    { "port", 0, 0, G_OPTION_ARG_INT, &option_port, NULL, NULL },
    { "path", 0, 0, G_OPTION_ARG_STRING, &option_path, NULL, NULL },
    { "method", 0, 0, G_OPTION_ARG_STRING, &option_method, NULL, NULL },
    { "body", 0, 0, G_OPTION_ARG_STRING, &option_body, NULL, NULL },
    { "token", 0, 0, G_OPTION_ARG_STRING, &option_token, NULL, NULL },
    { "connections", 0, 0, G_OPTION_ARG_INT, &option_connections, NULL, NULL },
    { "requests", 0, 0, G_OPTION_ARG_INT, &option_requests, NULL, NULL },
    { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &option_rate, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GPtrArray) connections = g_ptr_array_new ();
  struct epoll_event events[256];
  int epoll_fd = epoll_create1 (EPOLL_CLOEXEC);

  random_state ^= (guint64) g_get_real_time () << 8;
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL))
    return 2;
  latencies = g_new0 (guint64, option_requests + 1);
  for (int i = 0; i < option_connections; i++)
    g_ptr_array_add (connections, open_connection (epoll_fd));
  begun_ns = now_ns ();
  for (guint i = 0; option_rate == 0 && i < connections->len; i++)
    start (g_ptr_array_index (connections, i));
  while (n_finished < option_requests) {
    int wait_ms = option_rate > 0 ? start_due (connections) : -1;
    int n = epoll_wait (epoll_fd, events, G_N_ELEMENTS (events), wait_ms);
    for (int i = 0; i < n; i++)
      on_readable (events[i].data.ptr);
  }
  report ((now_ns () - begun_ns) / 1e9);
  return 0;
}
