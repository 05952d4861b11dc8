/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/model-private.h"

#include <string.h>

struct _GuicheAttachment {
  GObject parent_instance;
  char *file_id;    /* (owned) (nullable): not uploaded yet */
  char *name;       /* (owned) (nullable) */
  char *media_type; /* (owned) (nullable) */
  char *local_path; /* (owned) (nullable) */
  GBytes *waveform; /* (owned) (nullable) */
  gint64 size, duration_ms;
  double progress;
};

G_DEFINE_FINAL_TYPE (GuicheAttachment, guiche_attachment, G_TYPE_OBJECT)

enum {
  PROP_FILE_ID = 1,
  PROP_NAME,
  PROP_MEDIA_TYPE,
  PROP_SIZE,
  PROP_DURATION_MS,
  PROP_WAVEFORM,
  PROP_LOCAL_PATH,
  PROP_PROGRESS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
guiche_attachment_get_property (GObject *object,
                                guint property_id,
                                GValue *value,
                                GParamSpec *pspec)
{
  GuicheAttachment *self = GUICHE_ATTACHMENT (object);

  switch (property_id) {
  case PROP_FILE_ID:
    g_value_set_string (value, self->file_id);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_MEDIA_TYPE:
    g_value_set_string (value, self->media_type);
    break;
  case PROP_SIZE:
    g_value_set_int64 (value, self->size);
    break;
  case PROP_DURATION_MS:
    g_value_set_int64 (value, self->duration_ms);
    break;
  case PROP_WAVEFORM:
    g_value_set_boxed (value, self->waveform);
    break;
  case PROP_LOCAL_PATH:
    g_value_set_string (value, self->local_path);
    break;
  case PROP_PROGRESS:
    g_value_set_double (value, self->progress);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
guiche_attachment_finalize (GObject *object)
{
  GuicheAttachment *self = GUICHE_ATTACHMENT (object);

  g_free (self->file_id);
  g_free (self->name);
  g_free (self->media_type);
  g_free (self->local_path);
  g_clear_pointer (&self->waveform, g_bytes_unref);
  G_OBJECT_CLASS (guiche_attachment_parent_class)->finalize (object);
}

static void
guiche_attachment_class_init (GuicheAttachmentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = guiche_attachment_get_property;
  object_class->finalize = guiche_attachment_finalize;
  properties[PROP_FILE_ID] = g_param_spec_string ("file-id", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_MEDIA_TYPE] =
      g_param_spec_string ("media-type", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_SIZE] =
      g_param_spec_int64 ("size", NULL, NULL, 0, G_MAXINT64, 0, GUICHE_PARAM_READ);
  properties[PROP_DURATION_MS] =
      g_param_spec_int64 ("duration-ms", NULL, NULL, 0, G_MAXINT64, 0, GUICHE_PARAM_READ);
  properties[PROP_WAVEFORM] =
      g_param_spec_boxed ("waveform", NULL, NULL, G_TYPE_BYTES, GUICHE_PARAM_READ);
  properties[PROP_LOCAL_PATH] =
      g_param_spec_string ("local-path", NULL, NULL, NULL, GUICHE_PARAM_READ);
  properties[PROP_PROGRESS] =
      g_param_spec_double ("progress", NULL, NULL, 0.0, 1.0, 0.0, GUICHE_PARAM_READ);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
guiche_attachment_init (GuicheAttachment *self)
{
}

GuicheAttachment *
guiche_attachment_new (void)
{
  return g_object_new (GUICHE_TYPE_ATTACHMENT, NULL);
}

static void
set_text (GuicheAttachment *self, char **field, const char *value, guint property_id)
{
  if (g_strcmp0 (*field, value) == 0)
    return;
  g_free (*field);
  *field = g_strdup (value);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property_id]);
}

/* Hexadecimal pairs to bytes; NULL when there are none or one is not hexadecimal. */
static GBytes *
decode_waveform (const char *hex)
{
  gsize length = hex != NULL ? strlen (hex) / 2 : 0;
  g_autofree guint8 *bytes = NULL;

  if (length == 0)
    return NULL;
  bytes = g_malloc (length);
  for (gsize i = 0; i < length; i++) {
    int high = g_ascii_xdigit_value (hex[2 * i]);
    int low = g_ascii_xdigit_value (hex[2 * i + 1]);
    if (high < 0 || low < 0)
      return NULL;
    bytes[i] = (guint8) (high * 16 + low);
  }
  return g_bytes_new_take (g_steal_pointer (&bytes), length);
}

void
guiche_attachment_apply (GuicheAttachment *self, const GuicheMessageRow *row)
{
  g_object_freeze_notify (G_OBJECT (self));
  set_text (self, &self->file_id, row->file_id, PROP_FILE_ID);
  set_text (self, &self->name, row->file_name, PROP_NAME);
  set_text (self, &self->media_type, row->file_type, PROP_MEDIA_TYPE);
  if (self->size != row->file_size) {
    self->size = MAX (row->file_size, 0);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIZE]);
  }
  if (self->duration_ms != row->duration_ms) {
    self->duration_ms = MAX (row->duration_ms, 0);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DURATION_MS]);
  }
  if (self->waveform == NULL && row->waveform != NULL) {
    self->waveform = decode_waveform (row->waveform);
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAVEFORM]);
  }
  g_object_thaw_notify (G_OBJECT (self));
}

void
guiche_attachment_set_local_path (GuicheAttachment *self, const char *path)
{
  set_text (self, &self->local_path, path, PROP_LOCAL_PATH);
}

void
guiche_attachment_set_progress (GuicheAttachment *self, double progress)
{
  progress = CLAMP (progress, 0.0, 1.0);
  if (self->progress == progress)
    return;
  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}
