/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/desk.h"

G_BEGIN_DECLS

typedef enum {
  GUICHE_SIDEBAR_HEADING,
  GUICHE_SIDEBAR_VIEW,  /* one of the desk's views */
  GUICHE_SIDEBAR_QUEUE, /* what is open in one queue */
  GUICHE_SIDEBAR_PERSON /* a colleague; chosen, the direct conversation opens */
} GuicheSidebarKind;

/**
 * GuicheSidebarItem:
 *
 * One line of the sidebar and, but for headings and colleagues, the list of conversations behind
 * it.
 *
 * Properties (read-only, notify): `title`, `count` (uint: what asks for attention, 0 shows
 * nothing), `count-is-quiet` (a number to know, not to act on), `presence` (of a colleague, else
 * null).
 */
#define GUICHE_TYPE_SIDEBAR_ITEM (guiche_sidebar_item_get_type ())
G_DECLARE_FINAL_TYPE (GuicheSidebarItem, guiche_sidebar_item, GUICHE, SIDEBAR_ITEM, GObject)

GuicheSidebarItem *guiche_sidebar_item_new_heading (const char *title);
GuicheSidebarItem *guiche_sidebar_item_new_view (GuicheDesk *desk, GuicheView view);
GuicheSidebarItem *guiche_sidebar_item_new_queue (GuicheDesk *desk, GuicheQueueItem *queue);
GuicheSidebarItem *guiche_sidebar_item_new_person (GuichePerson *person);

GuicheSidebarKind guiche_sidebar_item_get_kind (GuicheSidebarItem *self);
const char *guiche_sidebar_item_get_id (
    GuicheSidebarItem *self); /* "mine", "queue:commercial"; stable, for the settings */
const char *guiche_sidebar_item_get_title (GuicheSidebarItem *self);
const char *guiche_sidebar_item_get_icon_name (GuicheSidebarItem *self); /* (nullable) */
const char *guiche_sidebar_item_get_presence (GuicheSidebarItem *self);  /* (nullable) */
guint guiche_sidebar_item_get_count (GuicheSidebarItem *self);
gboolean guiche_sidebar_item_get_count_is_quiet (GuicheSidebarItem *self);
GListModel *guiche_sidebar_item_get_conversations (
    GuicheSidebarItem *self); /* (nullable) (transfer none), made on first use */
GuichePerson *guiche_sidebar_item_get_person (GuicheSidebarItem *self); /* (nullable) */
/* What to say when there is no conversation in it. */
const char *guiche_sidebar_item_get_empty_title (GuicheSidebarItem *self);
const char *guiche_sidebar_item_get_empty_description (GuicheSidebarItem *self);

G_END_DECLS
