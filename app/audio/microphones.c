/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/microphones.h"

void
guiche_microphone_free (GuicheMicrophone *self)
{
  g_free (self->name);
  g_free (self->label);
  g_clear_object (&self->device);
  g_free (self);
}

static char *
dup_internal_name (GstDevice *device)
{
  char *name = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (device), "internal-name"))
    g_object_get (device, "internal-name", &name, NULL);
  return name ? name : gst_device_get_display_name (device);
}

static gboolean
get_flag (GstDevice *device, const char *field)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);
  gboolean value = FALSE;

  return properties && gst_structure_get_boolean (properties, field, &value) && value;
}

static gboolean
is_monitor (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);

  return properties &&
         g_strcmp0 (gst_structure_get_string (properties, "device.class"), "monitor") == 0;
}

/* (nullable) */
static char *
dup_default_monitor (GList *devices)
{
  for (GList *link = devices; link; link = link->next) {
    if (!gst_device_has_classes (link->data, "Audio/Sink") || !get_flag (link->data, "is-default"))
      continue;
    g_autofree char *name = dup_internal_name (link->data);

    return g_strconcat (name, ".monitor", NULL);
  }
  return NULL;
}

static gint
compare_default_first (gconstpointer a, gconstpointer b)
{
  const GuicheMicrophone *first = *(GuicheMicrophone *const *) a;
  const GuicheMicrophone *second = *(GuicheMicrophone *const *) b;

  if (first->is_default != second->is_default)
    return second->is_default - first->is_default;
  return g_utf8_collate (first->label, second->label);
}

static GPtrArray *
microphones_of (GList *devices)
{
  GPtrArray *microphones = g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_microphone_free);
  g_autofree char *default_monitor = dup_default_monitor (devices);

  for (GList *link = devices; link; link = link->next) {
    GuicheMicrophone *microphone;
    g_autofree char *name = NULL;

    if (!gst_device_has_classes (link->data, "Audio/Source"))
      continue;
    name = dup_internal_name (link->data);
    if (is_monitor (link->data) &&
        (!get_flag (link->data, "is-default") || g_strcmp0 (name, default_monitor) == 0))
      continue;
    microphone = g_new0 (GuicheMicrophone, 1);
    microphone->name = g_steal_pointer (&name);
    microphone->label = gst_device_get_display_name (link->data);
    microphone->is_default = get_flag (link->data, "is-default");
    microphone->device = g_object_ref (link->data);
    g_ptr_array_add (microphones, microphone);
  }
  g_ptr_array_sort (microphones, compare_default_first);
  return microphones;
}

GPtrArray *
guiche_microphones_list (void)
{
  g_autoptr (GstDeviceMonitor) monitor = gst_device_monitor_new ();
  GPtrArray *microphones;
  GList *devices;

  gst_device_monitor_add_filter (monitor, "Audio/Source", NULL);
  gst_device_monitor_add_filter (monitor, "Audio/Sink", NULL);
  if (!gst_device_monitor_start (monitor))
    return g_ptr_array_new_with_free_func ((GDestroyNotify) guiche_microphone_free);
  devices = gst_device_monitor_get_devices (monitor);
  microphones = microphones_of (devices);
  g_list_free_full (devices, g_object_unref);
  gst_device_monitor_stop (monitor);
  return microphones;
}

static void
list_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  if (!gst_is_initialized ())
    gst_init (NULL, NULL);
  g_task_return_pointer (task, guiche_microphones_list (), (GDestroyNotify) g_ptr_array_unref);
}

void
guiche_microphones_list_async (GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_run_in_thread (task, list_thread);
}

GPtrArray *
guiche_microphones_list_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
