/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A private Redis on a free port of loopback, for tests that take it away: it ends with the test.
 */
typedef struct _TestRedis TestRedis;

/* @options (nullable): further words of redis-server's command line, separated by spaces. */
TestRedis *test_redis_new (const char *options);
void test_redis_free (TestRedis *self);
const char *test_redis_url (TestRedis *self);
guint test_redis_port (TestRedis *self);
/* Starts again what was killed; returns once it answers. */
void test_redis_start (TestRedis *self);
void test_redis_kill (TestRedis *self);
void test_redis_pause (TestRedis *self);
void test_redis_resume (TestRedis *self);
/* Runs one command, words separated by spaces; its answer, of several the first. (transfer full) */
char *test_redis_command (TestRedis *self, const char *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestRedis, test_redis_free)

G_END_DECLS
