/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk-private.h"

G_BEGIN_DECLS

/* The desktop without its windows, against the real `guiched` (named by $GUICHED). */

/* By how much a loaded machine may be slower: only what fails takes as long. */
#define GUICHE_TEST_PATIENCE 6
/* Turns the main loop until @condition holds; fails after @seconds of a quiet machine. */
#define guiche_test_wait_for(condition, seconds)                                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 deadline_ =                                                                             \
        g_get_monotonic_time () + (gint64) ((seconds) *GUICHE_TEST_PATIENCE * G_USEC_PER_SEC);     \
    g_autoptr (GSource) tick_ = guiche_test_tick ();                                               \
    while (!(condition)) {                                                                         \
      if (g_get_monotonic_time () > deadline_)                                                     \
        g_error ("%s:%d: not within %d s: %s", __FILE__, __LINE__, (int) (seconds), #condition);   \
      g_main_context_iteration (NULL, TRUE);                                                       \
    }                                                                                              \
    g_source_destroy (tick_);                                                                      \
  }                                                                                                \
  G_STMT_END
GSource *guiche_test_tick (void);

/* A data and a configuration folder of its own for this program. (GLib's own isolation leaks.) */
void guiche_test_isolate (void);
void guiche_test_isolate_end (void);
/* With everything in it. */
void guiche_test_remove_tree (const char *path);

/* The server. */
typedef struct {
  GSubprocess *process; /* (nullable) */
  char *data;
  char *url;
  guint port;
} GuicheTestServer;

/* With the sample company, on a free port that stays the same for its restarts. */
GuicheTestServer *guiche_test_server_new (const char *data);
void guiche_test_server_start (GuicheTestServer *self);
void guiche_test_server_kill (GuicheTestServer *self); /* SIGKILL */
void guiche_test_server_free (GuicheTestServer *self); /* SIGTERM */
/* One request, waiting without turning the main loop; @token and @body nullable. NULL when it
 * failed. */
JsonNode *guiche_test_request (const char *url,
                               const char *method,
                               const char *path,
                               const char *token,
                               const char *body,
                               guint *out_status);
/* A customer opens a visit. (transfer full): the token. */
char *guiche_test_open_visit (const char *url,
                              const char *name,
                              const char *subject,
                              char **out_conversation_id);

/* The desktop. */
GuicheDesk *guiche_test_desk_open (const char *url, const char *login, const char *profile_id);
/* The same without signing in: the token in the session's memory is not there. */
GuicheSession *guiche_test_session_new (const char *url, const char *login, const char *profile_id);
void guiche_test_sign_in (GuicheSession *session, const char *password);
void guiche_test_refresh_token (GuicheSession *session);
/* Empty when @desk's cache holds what the server's snapshot of the same moment says; else what
 * differs. (transfer full) */
char *guiche_test_compare_with_server (GuicheDesk *desk, const char *url);
/* It comes to hold that, once the main loop has given it time; fails with what differs and @after
 * what. */
void guiche_test_assert_equal_to_server (GuicheDesk *desk, const char *url, const char *after);

/* A proxy that can be cut. */
typedef struct _GuicheTestProxy GuicheTestProxy;

/* Forwards TCP from a free loopback port to @port, on a thread of its own. */
GuicheTestProxy *guiche_test_proxy_new (guint port);
void guiche_test_proxy_free (GuicheTestProxy *self);
char *guiche_test_proxy_url (GuicheTestProxy *self);
/* Ends every connection, in the middle of whatever it carries. */
void guiche_test_proxy_cut (GuicheTestProxy *self);
/* While @is_off, connections are refused. */
void guiche_test_proxy_set_off (GuicheTestProxy *self, gboolean is_off);

G_END_DECLS
