/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "http/connection-private.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/epoll.h>
#include <unistd.h>

#define BATCH 128

/* One edge-triggered epoll descriptor for every plain connection, attached as one source:
 * GLib's main loop would hand all of them to poll() on each turn. */
struct _GuichePoller {
  int epoll_fd;
  GSource *source; /* (owned) */
};

typedef struct {
  GSource parent;
  GuichePoller *poller;
} PollerSource;

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  GuichePoller *self = ((PollerSource *) source)->poller;
  struct epoll_event events[BATCH];
  int n = epoll_wait (self->epoll_fd, events, BATCH, 0);

  for (int i = 0; i < n; i++) {
    guint32 what = events[i].events;
    guiche_connection_on_ready (events[i].data.ptr,
                                (what & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0,
                                (what & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0,
                                (what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
  }
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs poller_funcs = { .dispatch = dispatch };

GuichePoller *
guiche_poller_new (void)
{
  GuichePoller *self = g_new0 (GuichePoller, 1);

  self->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (self->epoll_fd < 0)
    g_error ("creating an epoll descriptor: %s", g_strerror (errno));
  self->source = g_source_new (&poller_funcs, sizeof (PollerSource));
  ((PollerSource *) self->source)->poller = self;
  g_source_set_name (self->source, "guiche-http-poller");
  g_source_add_unix_fd (self->source, self->epoll_fd, G_IO_IN);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  return self;
}

void
guiche_poller_free (GuichePoller *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->epoll_fd);
  g_free (self);
}

gboolean
guiche_poller_add (GuichePoller *self, GuicheConnection *connection, int fd)
{
  struct epoll_event event = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
                               .data.ptr = connection };

  return epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

void
guiche_poller_remove (GuichePoller *self, int fd)
{
  epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
}
