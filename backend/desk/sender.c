/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/sender.h"

#include "people/user.h"

void
guiche_sender_clear (GuicheSender *self)
{
  g_free (self->name);
  *self = (GuicheSender){ 0 };
}

char *
guiche_sender_dup_user_name (GuicheTx *tx, const GuicheId *user_id, GError **error)
{
  return g_strdup (guiche_user_borrow_name (tx, user_id, error));
}

gboolean
guiche_sender_from_actor (GuicheTx *tx,
                          const char *customer_name,
                          GuicheSender *out_sender,
                          GError **error)
{
  const GuicheActor *actor = guiche_tx_actor (tx);

  *out_sender = (GuicheSender){ GUICHE_SENDER_SYSTEM, GUICHE_ID_NONE, NULL };
  if (actor->role == GUICHE_ROLE_NONE)
    return TRUE;
  out_sender->id = actor->id;
  if (actor->role == GUICHE_ROLE_VISITOR) {
    out_sender->kind = GUICHE_SENDER_CUSTOMER;
    out_sender->name = g_strdup (customer_name);
    return TRUE;
  }
  out_sender->kind = GUICHE_SENDER_AGENT;
  out_sender->name = guiche_sender_dup_user_name (tx, &actor->id, error);
  return out_sender->name != NULL;
}
