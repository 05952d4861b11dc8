/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chat/attachments.h"

#include "base/error.h"
#include "base/text.h"
#include "chat/picture.h"

#include <glib/gi18n.h>

#define CACHED_TEXTURES 48

struct _GuicheAttachments {
  GObject parent_instance;
  GuicheDesk *desk;     /* (owned) */
  GuichePlayer *player; /* (owned) */
  GHashTable *textures; /* (owned) (element-type utf8 GdkTexture) */
  GQueue recent;        /* (element-type utf8): keys of textures, borrowed from it, newest first */
  guint play_serial;    /* the latest wish to hear wins */
};

G_DEFINE_FINAL_TYPE (GuicheAttachments, guiche_attachments, G_TYPE_OBJECT)

static guint failed_signal;

static void
report (GuicheAttachments *self, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, failed_signal, 0, error);
}

/* --- fetching ------------------------------------------------------------------------------------
 */

static void
fetch_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  char *path = guiche_desk_fetch_file_finish (GUICHE_DESK (source), result, &error);

  if (path)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

void
guiche_attachments_fetch_async (GuicheAttachments *self,
                                GuicheAttachment *attachment,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *path = NULL;
  g_autofree char *file_id = NULL;

  g_object_get (attachment, "local-path", &path, "file-id", &file_id, NULL);
  if (path && g_file_test (path, G_FILE_TEST_EXISTS))
    g_task_return_pointer (task, g_steal_pointer (&path), g_free);
  else
    guiche_desk_fetch_file_async (self->desk, file_id, cancellable, fetch_cb,
                                  g_steal_pointer (&task));
}

char *
guiche_attachments_fetch_finish (GuicheAttachments *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- pictures
 * -------------------------------------------------------------------------------------- */

/* (nullable) (transfer full) */
static char *
dup_key (GuicheAttachment *attachment)
{
  char *key = NULL;

  g_object_get (attachment, "file-id", &key, NULL);
  if (!key || !*key) {
    g_free (key);
    g_object_get (attachment, "local-path", &key, NULL);
  }
  return key;
}

static void
remember (GuicheAttachments *self, const char *key, GdkTexture *texture)
{
  char *owned = g_strdup (key);

  if (!key || g_hash_table_contains (self->textures, key)) {
    g_free (owned);
    return;
  }
  g_hash_table_insert (self->textures, owned, g_object_ref (texture));
  g_queue_push_head (&self->recent, owned);
  if (self->recent.length > CACHED_TEXTURES)
    g_hash_table_remove (self->textures, g_queue_pop_tail (&self->recent));
}

static void
decode_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const char *path = data;
  GError *error = NULL;
  GdkTexture *texture = NULL;

  if (!g_task_return_error_if_cancelled (task)) {
    texture = guiche_picture_load (path, &error);
    if (texture)
      g_task_return_pointer (task, texture, g_object_unref);
    else
      g_task_return_error (task, error);
  }
}

static void
decoded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  GdkTexture *texture = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *key = dup_key (g_task_get_task_data (task));

  if (!texture) {
    g_task_return_error (task, error);
    return;
  }
  remember (GUICHE_ATTACHMENTS (source), key, texture);
  g_task_return_pointer (task, texture, g_object_unref);
}

static void
fetched_picture_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (GTask) decoding = NULL;
  GCancellable *cancellable;
  GError *error = NULL;
  char *path = guiche_attachments_fetch_finish (GUICHE_ATTACHMENTS (source), result, &error);

  if (!path) {
    g_task_return_error (task, error);
    return;
  }
  cancellable = g_task_get_cancellable (task);
  decoding = g_task_new (source, cancellable, decoded_cb, g_steal_pointer (&task));
  g_task_set_task_data (decoding, path, g_free);
  g_task_run_in_thread (decoding, decode_thread);
}

void
guiche_attachments_load_texture_async (GuicheAttachments *self,
                                       GuicheAttachment *attachment,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_task_data (task, g_object_ref (attachment), g_object_unref);
  guiche_attachments_fetch_async (self, attachment, cancellable, fetched_picture_cb, task);
}

GdkTexture *
guiche_attachments_load_texture_finish (GuicheAttachments *self,
                                        GAsyncResult *result,
                                        GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

GdkTexture *
guiche_attachments_peek_texture (GuicheAttachments *self, GuicheAttachment *attachment)
{
  g_autofree char *key = dup_key (attachment);
  GdkTexture *texture = key ? g_hash_table_lookup (self->textures, key) : NULL;

  return texture ? g_object_ref (texture) : NULL;
}

/* --- playing, saving, opening
 * ------------------------------------------------------------------------- */

typedef struct {
  GuicheAttachments *attachments; /* (owned) */
  char *key;
  gint64 start_ms;
  guint serial;
  GFile *target;     /* (owned) (nullable) */
  GtkWidget *parent; /* (owned) (nullable) */
  char *name;
} Wish;

static Wish *
wish_new (GuicheAttachments *self, GuicheAttachment *attachment, GtkWidget *parent)
{
  Wish *wish = g_new0 (Wish, 1);
  g_autofree char *name = NULL;

  g_object_get (attachment, "name", &name, NULL);
  wish->attachments = g_object_ref (self);
  wish->parent = parent ? g_object_ref (parent) : NULL;
  wish->name = guiche_text_file_name (name ? name : "");
  return wish;
}

static void
wish_free (Wish *wish)
{
  g_clear_object (&wish->attachments);
  g_clear_object (&wish->target);
  g_clear_object (&wish->parent);
  g_free (wish->key);
  g_free (wish->name);
  g_free (wish);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Wish, wish_free)

static void
play_fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Wish) wish = data;
  GuicheAttachments *self = wish->attachments;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = guiche_attachments_fetch_finish (self, result, &error);

  if (!path)
    report (self, error);
  else if (wish->serial == self->play_serial)
    guiche_player_play (self->player, wish->key, path, wish->start_ms);
}

void
guiche_attachments_play (GuicheAttachments *self,
                         const char *key,
                         GuicheAttachment *attachment,
                         gint64 start_ms)
{
  Wish *wish = wish_new (self, attachment, NULL);

  wish->key = g_strdup (key);
  wish->start_ms = start_ms;
  wish->serial = ++self->play_serial;
  guiche_attachments_fetch_async (self, attachment, NULL, play_fetched_cb, wish);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Wish) wish = data;
  g_autoptr (GError) error = NULL;

  if (!g_file_copy_finish (G_FILE (source), result, &error))
    report (wish->attachments, error);
}

static void
save_fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Wish) wish = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = guiche_attachments_fetch_finish (wish->attachments, result, &error);
  g_autoptr (GFile) file = path ? g_file_new_for_path (path) : NULL;
  GFile *target = wish->target;

  if (!file)
    report (wish->attachments, error);
  else
    g_file_copy_async (file, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS,
                       G_PRIORITY_DEFAULT, NULL, NULL, NULL, copied_cb, g_steal_pointer (&wish));
}

typedef struct {
  Wish *wish;                   /* (owned) */
  GuicheAttachment *attachment; /* (owned) */
} Saving;

static void
on_save_response (GtkNativeDialog *dialog, int response, gpointer data)
{
  Saving *saving = data;
  Wish *wish = saving->wish;

  if (response == GTK_RESPONSE_ACCEPT) {
    wish->target = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
    guiche_attachments_fetch_async (wish->attachments, saving->attachment, NULL, save_fetched_cb,
                                    wish);
  } else {
    wish_free (wish);
  }
  g_object_unref (saving->attachment);
  g_free (saving);
  g_object_unref (dialog);
}

void
guiche_attachments_save_as (GuicheAttachments *self,
                            GuicheAttachment *attachment,
                            GtkWidget *parent)
{
  Saving *saving = g_new (Saving, 1);
  GtkRoot *root = gtk_widget_get_root (parent);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      _ ("Save the File"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
         GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Save"), _ ("_Cancel"));

  *saving = (Saving){ wish_new (self, attachment, parent), g_object_ref (attachment) };
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), saving->wish->name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (on_save_response), saving);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
open_fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Wish) wish = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = guiche_attachments_fetch_finish (wish->attachments, result, &error);
  g_autofree char *uri = path ? g_filename_to_uri (path, NULL, NULL) : NULL;
  g_autofree char *type = path ? g_content_type_guess (wish->name, NULL, 0, NULL) : NULL;
  GtkRoot *root = gtk_widget_get_root (wish->parent);

  if (!path) {
    report (wish->attachments, error);
    return;
  }
  if (g_content_type_can_be_executable (type) && !g_content_type_is_a (type, "text/plain")) {
    g_set_error_literal (&error, GUICHE_ERROR, GUICHE_ERROR_UNSUPPORTED_TYPE,
                         _ ("Programs are not opened from here. Save the file instead."));
    report (wish->attachments, error);
    return;
  }
  gtk_show_uri (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, uri, GDK_CURRENT_TIME);
}

void
guiche_attachments_open (GuicheAttachments *self, GuicheAttachment *attachment, GtkWidget *parent)
{
  guiche_attachments_fetch_async (self, attachment, NULL, open_fetched_cb,
                                  wish_new (self, attachment, parent));
}

/* --- the object
 * ----------------------------------------------------------------------------------------- */

static void
on_player_failed (GuicheAttachments *self, const char *key, GError *error)
{
  report (self, error);
}

static void
guiche_attachments_finalize (GObject *object)
{
  GuicheAttachments *self = GUICHE_ATTACHMENTS (object);

  g_queue_clear (&self->recent);
  g_hash_table_unref (self->textures);
  g_clear_object (&self->desk);
  g_clear_object (&self->player);
  G_OBJECT_CLASS (guiche_attachments_parent_class)->finalize (object);
}

static void
guiche_attachments_class_init (GuicheAttachmentsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = guiche_attachments_finalize;
  failed_signal = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
guiche_attachments_init (GuicheAttachments *self)
{
  self->textures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

GuicheAttachments *
guiche_attachments_new (GuicheDesk *desk, GuichePlayer *player)
{
  GuicheAttachments *self = g_object_new (GUICHE_TYPE_ATTACHMENTS, NULL);

  self->desk = g_object_ref (desk);
  self->player = g_object_ref (player);
  g_signal_connect_object (player, "failed", G_CALLBACK (on_player_failed), self,
                           G_CONNECT_SWAPPED);
  return self;
}

GuicheDesk *
guiche_attachments_get_desk (GuicheAttachments *self)
{
  return self->desk;
}

GuichePlayer *
guiche_attachments_get_player (GuicheAttachments *self)
{
  return self->player;
}
