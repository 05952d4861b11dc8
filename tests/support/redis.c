/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/redis.h"

#include <glib/gstdio.h>
#include <hiredis.h>
#include <signal.h>
#include <sys/prctl.h>

#define PATIENCE_US (60 * G_USEC_PER_SEC)

struct _TestRedis {
  GSubprocess *process; /* (owned) (nullable): not running */
  char *directory;      /* (owned) */
  char *url;            /* (owned) */
  char **options;       /* (owned) */
  guint16 port;
};

static guint16
free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);

  g_assert_no_error (error);
  return port;
}

static void
end_with_parent (gpointer unused)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static gboolean
answers (TestRedis *self)
{
  redisContext *context = redisConnect ("127.0.0.1", self->port);
  gboolean is_there = context != NULL && context->err == 0;

  if (context != NULL)
    redisFree (context);
  return is_there;
}

void
test_redis_start (TestRedis *self)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  const char *const fixed[] = { "redis-server", "--port", port,           "--bind", "127.0.0.1",
                                "--save",       "",       "--appendonly", "no",     "--dir",
                                self->directory };
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  gint64 limit_us = g_get_monotonic_time () + PATIENCE_US;

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_ptr_array_add (words, (gpointer) fixed[i]);
  for (char **option = self->options; *option != NULL; option++)
    g_ptr_array_add (words, *option);
  g_ptr_array_add (words, NULL);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  self->process =
      g_subprocess_launcher_spawnv (launcher, (const char *const *) words->pdata, &error);
  g_assert_no_error (error);
  while (!answers (self)) {
    g_assert_cmpint (g_get_monotonic_time (), <, limit_us);
    g_usleep (2000);
  }
}

TestRedis *
test_redis_new (const char *options)
{
  TestRedis *self = g_new0 (TestRedis, 1);
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("guiche-redis-XXXXXX", &error);
  g_assert_no_error (error);
  self->options = g_strsplit (options != NULL ? options : "", " ", -1);
  self->port = free_port ();
  self->url = g_strdup_printf ("redis://127.0.0.1:%u", self->port);
  test_redis_start (self);
  return self;
}

void
test_redis_kill (TestRedis *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

void
test_redis_free (TestRedis *self)
{
  if (self->process != NULL)
    test_redis_kill (self);
  g_rmdir (self->directory);
  g_free (self->directory);
  g_strfreev (self->options);
  g_free (self->url);
  g_free (self);
}

const char *
test_redis_url (TestRedis *self)
{
  return self->url;
}

guint
test_redis_port (TestRedis *self)
{
  return self->port;
}

void
test_redis_pause (TestRedis *self)
{
  g_subprocess_send_signal (self->process, SIGSTOP);
}

void
test_redis_resume (TestRedis *self)
{
  g_subprocess_send_signal (self->process, SIGCONT);
}

char *
test_redis_command (TestRedis *self, const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", -1);
  redisContext *context = redisConnect ("127.0.0.1", self->port);
  redisReply *reply, *first;
  char *answer;

  g_assert_cmpint (context->err, ==, 0);
  reply = redisCommandArgv (context, (int) g_strv_length (parts), (const char **) parts, NULL);
  g_assert_nonnull (reply);
  first = reply->type == REDIS_REPLY_ARRAY && reply->elements > 0 ? reply->element[0] : reply;
  answer = first->str != NULL ? g_strndup (first->str, first->len)
                              : g_strdup_printf ("%lld", first->integer);
  freeReplyObject (reply);
  redisFree (context);
  return answer;
}
