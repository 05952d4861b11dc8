/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/desktop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_PAIRS 64

typedef struct {
  int client, server;
} Pair;

struct _GuicheTestProxy {
  GThread *thread;
  int listener;
  guint port, target;
  gint cut, is_off, is_ending; /* atomic */
  Pair pairs[MAX_PAIRS];
  guint n_pairs;
};

static void
drop (GuicheTestProxy *self, guint i)
{
  struct linger now = { .l_onoff = 1 };

  /* A reset, as when a cable is pulled and the peer's state is gone. */
  setsockopt (self->pairs[i].client, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close (self->pairs[i].client);
  close (self->pairs[i].server);
  self->pairs[i] = self->pairs[--self->n_pairs];
}

static gboolean
copy (int from, int to)
{
  char buffer[16384];
  ssize_t length = recv (from, buffer, sizeof buffer, 0);

  for (ssize_t sent = 0; length > 0 && sent < length;) {
    ssize_t n = send (to, buffer + sent, (size_t) (length - sent), MSG_NOSIGNAL);
    if (n <= 0)
      return FALSE;
    sent += n;
  }
  return length > 0;
}

static void
take (GuicheTestProxy *self)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons ((guint16) self->target),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  Pair pair = { .client = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC) };

  if (pair.client < 0)
    return;
  pair.server = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (g_atomic_int_get (&self->is_off) || self->n_pairs == MAX_PAIRS ||
      connect (pair.server, (struct sockaddr *) &address, sizeof address) != 0) {
    close (pair.client);
    close (pair.server);
    return;
  }
  self->pairs[self->n_pairs++] = pair;
}

static gpointer
run (gpointer data)
{
  GuicheTestProxy *self = data;

  while (!g_atomic_int_get (&self->is_ending)) {
    struct pollfd fds[1 + 2 * MAX_PAIRS] = { { .fd = self->listener, .events = POLLIN } };
    guint n = self->n_pairs;

    for (guint i = 0; i < n; i++) {
      fds[1 + 2 * i] = (struct pollfd){ .fd = self->pairs[i].client, .events = POLLIN };
      fds[2 + 2 * i] = (struct pollfd){ .fd = self->pairs[i].server, .events = POLLIN };
    }
    poll (fds, 1 + 2 * n, 20);
    if (g_atomic_int_compare_and_exchange (&self->cut, 1, 0) || g_atomic_int_get (&self->is_off))
      while (self->n_pairs > 0)
        drop (self, 0);
    else
      for (guint i = n; i-- > 0;)
        if ((fds[1 + 2 * i].revents != 0 && !copy (self->pairs[i].client, self->pairs[i].server)) ||
            (fds[2 + 2 * i].revents != 0 && !copy (self->pairs[i].server, self->pairs[i].client)))
          drop (self, i);
    if (fds[0].revents != 0)
      take (self);
  }
  while (self->n_pairs > 0)
    drop (self, 0);
  return NULL;
}

GuicheTestProxy *
guiche_test_proxy_new (guint port)
{
  GuicheTestProxy *self = g_new0 (GuicheTestProxy, 1);
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;

  self->target = port;
  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *) &address, length), ==, 0);
  g_assert_cmpint (listen (self->listener, 64), ==, 0);
  g_assert_cmpint (getsockname (self->listener, (struct sockaddr *) &address, &length), ==, 0);
  self->port = ntohs (address.sin_port);
  self->thread = g_thread_new ("proxy", run, self);
  return self;
}

void
guiche_test_proxy_free (GuicheTestProxy *self)
{
  g_atomic_int_set (&self->is_ending, 1);
  g_thread_join (self->thread);
  close (self->listener);
  g_free (self);
}

char *
guiche_test_proxy_url (GuicheTestProxy *self)
{
  return g_strdup_printf ("http://127.0.0.1:%u", self->port);
}

void
guiche_test_proxy_cut (GuicheTestProxy *self)
{
  g_atomic_int_set (&self->cut, 1);
}

void
guiche_test_proxy_set_off (GuicheTestProxy *self, gboolean is_off)
{
  g_atomic_int_set (&self->is_off, is_off);
}
