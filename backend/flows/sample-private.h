/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "channels/dice.h"
#include "channels/story.h"
#include "protocol/customer.h"
#include "store/files.h"

G_BEGIN_DECLS

#define GUICHE_SAMPLE_CITY "Vila Aurora"

/* A colleague, as the table says and as they were made. */
typedef struct {
  const char *login;
  const char *name;
  GuicheRole role;
  const char *queues; /* keys separated by spaces */
  GuicheId id;
} GuicheSampleUser;

/* A file of the sample folder: its blob, and what a voice note needs. */
typedef struct {
  const char *name; /* in the folder */
  GuicheFile file;  /* (owned): without id, which each message has its own */
  gint64 duration_ms;
  char *waveform; /* (owned) (nullable) */
} GuicheSampleFile;

/**
 * GuicheSample:
 *
 * The company being made.
 */
typedef struct {
  GuicheTx *tx;
  guint64 seed;
  gint64 now_us;           /* where history ends */
  gint64 clock_us;         /* where it is */
  GuicheActor actor;       /* who acts */
  GPtrArray *stories;      /* (owned) (element-type GuicheStory) */
  GuicheSampleUser *users; /* (owned) (array length=n_users) */
  gsize n_users;
  GPtrArray *customers; /* (owned) (element-type GuicheCustomerRecord) */
  gint64 *free_at_us;   /* (owned): when each customer's last conversation ended */
  GArray *files;        /* (owned) (element-type GuicheSampleFile) */
} GuicheSample;

/* What follows is done by this user, or for none by the system, at the sample's clock. */
void guiche_sample_act_as (GuicheSample *self, const GuicheSampleUser *user);
/* Lets time pass: from @low to @high seconds. */
void guiche_sample_wait (GuicheSample *self, GuicheDice *dice, gint64 low, gint64 high);
const GuicheSampleUser *guiche_sample_find_user (GuicheSample *self, const char *login);

/* sample-people.c */
gboolean guiche_sample_make_users (GuicheSample *self, GError **error);
gboolean guiche_sample_make_customers (GuicheSample *self, GError **error);
/* sample-files.c: before the transaction, on its tenant */
gboolean guiche_sample_store_files (GuicheSample *self, GuicheTenant *tenant, GError **error);
/* A row of its own for @name; %NULL with error when the folder has no such file. */
const GuicheSampleFile *guiche_sample_use_file (GuicheSample *self,
                                                const char *name,
                                                const GuicheId *owner,
                                                GuicheId *out_id,
                                                GError **error);
/* sample-history.c */
gboolean guiche_sample_make_history (GuicheSample *self, GError **error);

/* sample-play.c: how far a story goes */
typedef enum {
  GUICHE_SAMPLE_CLOSED,  /* to the end, and closed */
  GUICHE_SAMPLE_OPEN,    /* accepted, some lines */
  GUICHE_SAMPLE_WAITING, /* until the first answer would come */
  GUICHE_SAMPLE_SNOOZED,
  GUICHE_SAMPLE_PENDING
} GuicheSampleEnd;

gboolean guiche_sample_play (GuicheSample *self,
                             const GuicheStory *story,
                             guint customer,
                             const GuicheSampleUser *agent,
                             GuicheSampleEnd end,
                             guint64 number,
                             GError **error);
/* sample-inside.c: what colleagues say among themselves, and the canned replies */
gboolean guiche_sample_make_inside (GuicheSample *self, GError **error);

G_END_DECLS
