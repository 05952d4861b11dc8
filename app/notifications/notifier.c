/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "notifications/notifier.h"

struct _GuicheNotifier {
  GObject parent_instance;
  GApplication *application;   /* (owned) */
  GuicheDesk *desk;            /* (owned) */
  GuicheConversation *focused; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (GuicheNotifier, guiche_notifier, G_TYPE_OBJECT)

static void
guiche_notifier_dispose (GObject *object)
{
  GuicheNotifier *self = GUICHE_NOTIFIER (object);

  g_clear_object (&self->application);
  g_clear_object (&self->desk);
  g_clear_object (&self->focused);
  G_OBJECT_CLASS (guiche_notifier_parent_class)->dispose (object);
}

static void
guiche_notifier_class_init (GuicheNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = guiche_notifier_dispose;
}

static void
guiche_notifier_init (GuicheNotifier *self)
{
}

GuicheNotifier *
guiche_notifier_new (GApplication *application, GuicheDesk *desk)
{
  GuicheNotifier *self = g_object_new (GUICHE_TYPE_NOTIFIER, NULL);

  self->application = g_object_ref (application);
  self->desk = g_object_ref (desk);
  return self;
}

void
guiche_notifier_set_focused (GuicheNotifier *self, GuicheConversation *conversation)
{
  g_set_object (&self->focused, conversation);
}
