/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Who says a line of a story, or what it is. */
typedef enum {
  GUICHE_STORY_CUSTOMER = 'C',
  GUICHE_STORY_AGENT = 'A',
  GUICHE_STORY_NOTE = 'N',
  GUICHE_STORY_CUSTOMER_VOICE = 'V',
  GUICHE_STORY_AGENT_VOICE = 'W',
  GUICHE_STORY_AGENT_FILE = 'F',
  GUICHE_STORY_CUSTOMER_IMAGE = 'I'
} GuicheStoryKind;

typedef struct {
  GuicheStoryKind kind;
  char *text; /* (owned): with variables in braces, or a file's name */
} GuicheStoryLine;

/**
 * GuicheStory:
 *
 * How one conversation goes: from data/sample/dialogues.txt (the past) or visits.txt (live).
 */
typedef struct {
  char *queue;        /* (owned): a queue's key */
  char *close_reason; /* (owned) */
  GArray *lines;      /* (owned) (element-type GuicheStoryLine) */
} GuicheStory;

/**
 * GuicheStoryPeople:
 *
 * Who and what fills the variables of a line; a %NULL becomes an empty text.
 */
typedef struct {
  const char *name;
  const char *plan;
  const char *contract;
  const char *street;
  const char *city;
  const char *agent;
  const char *protocol;
  const char *price;
  const char *day;
} GuicheStoryPeople;

/* (element-type GuicheStory): from resource @name of the sample folder. GUICHE_ERROR_INTERNAL when
 * it is missing or malformed: the program was built wrongly. */
GPtrArray *guiche_stories_load (const char *name, GError **error);
/* (transfer full) */
char *guiche_story_fill (const char *text, const GuicheStoryPeople *people);
/* How people are spoken to: the first word of a name. (transfer full) */
char *guiche_story_first_name (const char *name);

G_END_DECLS
