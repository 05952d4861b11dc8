/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* reconnect-storm PATHS PORT OTHER-PORT
 *
 * Opens one live stream for each line of PATHS at PORT and prints `{"open":N}`. When streams end,
 * each comes back at OTHER-PORT as our clients do (full jitter: up to 0.5 s, doubling to 30 s) and
 * its time from the loss to `ready` is noted. When all are back, prints the figures. */

#define OPENING 256 /* handshakes under way at the beginning */
#define FIRST_MS 500
#define LAST_MS 30000
#define BUFFER 32768

typedef enum {
  WAITING,
  CONNECTING,
  GREETING,
  OPEN
} State;

typedef struct {
  const char *path;
  State state;
  int fd;
  gint64 due_us;  /* while waiting */
  gint64 lost_us; /* 0: never was */
  guint n_attempts;
  guint back_off_ms;
  GByteArray *input;
} Client;

typedef struct {
  int epoll_fd;
  guint16 port, other_port;
  Client *clients;
  guint n_clients, n_open, n_opening, n_attempts, n_lost;
  GArray *back_us; /* (element-type guint32) */
  gboolean is_storm;
} Storm;

static void
start_connect (Storm *self, Client *client)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (self->is_storm ? self->other_port : self->port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP, .data.ptr = client };

  client->fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (client->fd < 0)
    g_error ("socket: %s", g_strerror (errno));
  client->state = CONNECTING;
  client->n_attempts++;
  self->n_attempts++;
  self->n_opening++;
  g_byte_array_set_size (client->input, 0);
  connect (client->fd, (struct sockaddr *) &address, sizeof address);
  epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, client->fd, &event);
}

static void
lose (Storm *self, Client *client, gint64 now_us)
{
  close (client->fd);
  if (client->state == OPEN) {
    self->n_open--;
    self->n_lost++;
    self->is_storm = TRUE;
    client->lost_us = now_us;
    client->back_off_ms = FIRST_MS;
  } else {
    self->n_opening--;
    client->back_off_ms = MIN (client->back_off_ms * 2, LAST_MS);
  }
  client->state = WAITING;
  client->due_us = now_us + g_random_int_range (0, (gint32) client->back_off_ms) * 1000;
}

static void
greet (Storm *self, Client *client)
{
  struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = client };
  g_autofree char *request = g_strdup_printf (
      "GET %s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
      client->path);

  client->state = GREETING;
  epoll_ctl (self->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
  if (send (client->fd, request, strlen (request), MSG_NOSIGNAL) < 0)
    g_debug ("the request was not taken");
}

static void
become_ready (Storm *self, Client *client, gint64 now_us)
{
  guint32 back_us = (guint32) (now_us - client->lost_us);

  client->state = OPEN;
  client->back_off_ms = FIRST_MS;
  self->n_open++;
  self->n_opening--;
  if (client->lost_us != 0)
    g_array_append_val (self->back_us, back_us);
}

/* The head of the reply and the frames before `ready` are only skimmed. FALSE: refused. */
static gboolean
read_input (Storm *self, Client *client, gint64 now_us)
{
  char buffer[BUFFER];
  ssize_t n = recv (client->fd, buffer, sizeof buffer, 0);

  if (n <= 0)
    return n < 0 && errno == EAGAIN;
  if (client->state == OPEN)
    return TRUE;
  g_byte_array_append (client->input, (const guint8 *) buffer, (guint) n);
  if (g_strstr_len ((char *) client->input->data, client->input->len, "{\"op\":\"ready\"") != NULL)
    become_ready (self, client, now_us);
  return client->input->len < 12 || strncmp ((char *) client->input->data + 9, "101", 3) == 0;
}

static void
handle (Storm *self, struct epoll_event *event, gint64 now_us)
{
  Client *client = event->data.ptr;

  if ((event->events & (EPOLLERR | EPOLLHUP)) != 0) {
    lose (self, client, now_us);
    return;
  }
  if (client->state == CONNECTING && (event->events & EPOLLOUT) != 0)
    greet (self, client);
  if ((event->events & (EPOLLIN | EPOLLRDHUP)) != 0 && !read_input (self, client, now_us))
    lose (self, client, now_us);
}

static void
start_due (Storm *self, gint64 now_us)
{
  for (guint i = 0; i < self->n_clients; i++) {
    Client *client = &self->clients[i];

    if (client->state == WAITING && client->due_us <= now_us &&
        (self->is_storm || self->n_opening < OPENING))
      start_connect (self, client);
  }
}

static void
turn (Storm *self)
{
  struct epoll_event events[512];
  int n = epoll_wait (self->epoll_fd, events, G_N_ELEMENTS (events), 2);
  gint64 now_us = g_get_monotonic_time ();

  for (int i = 0; i < n; i++)
    handle (self, &events[i], now_us);
  start_due (self, now_us);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  guint32 one = *(const guint32 *) a, two = *(const guint32 *) b;

  return one < two ? -1 : one > two;
}

static double
percentile_ms (GArray *sorted, double part)
{
  guint at = MIN ((guint) (sorted->len * part), sorted->len - 1);

  return g_array_index (sorted, guint32, at) / 1000.0;
}

static void
print_figures (Storm *self, gint64 began_us)
{
  g_array_sort (self->back_us, compare);
  printf ("{\"lost\":%u,\"attempts\":%u,\"p50_ms\":%.0f,\"p99_ms\":%.0f,\"max_ms\":%.0f,"
          "\"elapsed_ms\":%.0f}\n",
          self->n_lost, self->n_attempts - self->n_clients, percentile_ms (self->back_us, 0.5),
          percentile_ms (self->back_us, 0.99), percentile_ms (self->back_us, 1),
          (double) (g_get_monotonic_time () - began_us) / 1000);
}

int
main (int argc, char **argv)
{
  struct rlimit files;
  Storm self = { 0 };
  g_autofree char *content = NULL;
  gint64 began_us = 0;

  if (argc != 4 || !g_file_get_contents (argv[1], &content, NULL, NULL))
    return 2;
  getrlimit (RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit (RLIMIT_NOFILE, &files);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (content), "\n", -1);
  self.epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  self.port = (guint16) atoi (argv[2]);
  self.other_port = (guint16) atoi (argv[3]);
  self.n_clients = g_strv_length (lines);
  self.clients = g_new0 (Client, self.n_clients);
  self.back_us = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint i = 0; i < self.n_clients; i++)
    self.clients[i] =
        (Client){ .path = lines[i], .back_off_ms = FIRST_MS, .input = g_byte_array_new () };
  while (self.n_open < self.n_clients)
    turn (&self);
  printf ("{\"open\":%u}\n", self.n_open);
  fflush (stdout);
  while (self.n_lost < self.n_clients || self.n_open < self.n_clients) {
    turn (&self);
    if (began_us == 0 && self.is_storm)
      began_us = g_get_monotonic_time ();
  }
  print_figures (&self, began_us);
  for (guint i = 0; i < self.n_clients; i++)
    g_byte_array_unref (self.clients[i].input);
  g_free (self.clients);
  g_array_unref (self.back_us);
  return 0;
}
