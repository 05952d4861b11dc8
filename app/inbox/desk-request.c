/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inbox/desk-request.h"

#include "widgets/toast.h"

#include <glib/gi18n.h>

struct _GuicheDeskRequest {
  GuicheDesk *desk; /* (owned) */
  GWeakRef widget;
  GWeakRef done_object;
  char *done_text;                 /* (owned) (nullable) */
  GuicheConversation *undo_reopen; /* (owned) (nullable) */
  GuicheConversation *undo_join;   /* (owned) (nullable) */
  GuicheDeskRequestFunc done;      /* (nullable) */
};

static void
guiche_desk_request_free (GuicheDeskRequest *self)
{
  g_clear_object (&self->desk);
  g_clear_object (&self->undo_reopen);
  g_clear_object (&self->undo_join);
  g_weak_ref_clear (&self->widget);
  g_weak_ref_clear (&self->done_object);
  g_free (self->done_text);
  g_free (self);
}

GuicheDeskRequest *
guiche_desk_request_new (GuicheDesk *desk, GtkWidget *widget, const char *done_text)
{
  GuicheDeskRequest *self = g_new0 (GuicheDeskRequest, 1);

  self->desk = g_object_ref (desk);
  self->done_text = g_strdup (done_text);
  g_weak_ref_init (&self->widget, widget);
  g_weak_ref_init (&self->done_object, NULL);
  return self;
}

void
guiche_desk_request_set_undo_reopen (GuicheDeskRequest *self, GuicheConversation *conversation)
{
  g_set_object (&self->undo_reopen, conversation);
}

void
guiche_desk_request_set_undo_join (GuicheDeskRequest *self, GuicheConversation *conversation)
{
  g_set_object (&self->undo_join, conversation);
}

void
guiche_desk_request_set_done (GuicheDeskRequest *self, GuicheDeskRequestFunc func, GObject *object)
{
  self->done = func;
  g_weak_ref_set (&self->done_object, object);
}

static void
on_undo (gpointer user_data)
{
  GuicheDeskRequest *undo = user_data;
  g_autoptr (GtkWidget) widget = g_weak_ref_get (&undo->widget);
  GuicheDeskRequest *request = guiche_desk_request_new (undo->desk, widget, NULL);

  if (undo->undo_join != NULL)
    guiche_desk_join_channel_async (undo->desk, guiche_conversation_get_id (undo->undo_join), NULL,
                                    guiche_desk_request_done_cb, request);
  else
    guiche_desk_reopen_async (undo->desk, undo->undo_reopen, NULL, guiche_desk_request_done_cb,
                              request);
}

static void
show_done (GuicheDeskRequest *self, GtkWidget *widget)
{
  GuicheDeskRequest *undo;

  if (self->done_text == NULL)
    return;
  if (self->undo_reopen == NULL && self->undo_join == NULL) {
    guiche_toast_show (widget, self->done_text);
    return;
  }

  undo = guiche_desk_request_new (self->desk, widget, NULL);
  guiche_desk_request_set_undo_reopen (undo, self->undo_reopen);
  guiche_desk_request_set_undo_join (undo, self->undo_join);
  guiche_toast_show_action (widget, self->done_text,
                            _ ("Undo"), on_undo, undo, (GDestroyNotify) guiche_desk_request_free);
}

void
guiche_desk_request_done_cb (GObject *desk, GAsyncResult *result, gpointer user_data)
{
  GuicheDeskRequest *self = user_data;
  g_autoptr (GtkWidget) widget = g_weak_ref_get (&self->widget);
  g_autoptr (GObject) object = g_weak_ref_get (&self->done_object);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  if (!guiche_desk_action_finish (GUICHE_DESK (desk), result, &id, &error)) {
    if (widget != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      guiche_toast_show_error (widget, error);
    guiche_desk_request_free (self);
    return;
  }

  if (self->done != NULL && object != NULL)
    self->done (id, object);
  if (widget != NULL)
    show_done (self, widget);
  guiche_desk_request_free (self);
}
