/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the colleagues of the sample company say among themselves, and their prepared answers. */
#include "config.h"

#include "desk/canned-reply.h"
#include "desk/internal-channel.h"
#include "desk/message.h"
#include "desk/personal.h"
#include "flows/sample-private.h"

/* Who says what, some time after the line before. */
typedef struct {
  const char *login;
  const char *text;
} Remark;

static const Remark support_remarks[] = {
  { "diego", "Bom dia, pessoal! A caixa 14 da Rua das Acácias foi trocada ontem à noite, podem "
             "avisar os clientes." },
  { "ana", "Ótimo, @diego! Tinha três chamados ligados a ela, vou encerrar." },
  { "heitor", "Sobre o roteador novo: a atualização 2.4 resolve a queda do Wi-Fi 5 GHz." },
  { "bruno", "Isso explica os chamados de terça. Dá para aplicar em lote?" },
  { "heitor", "Dá sim, hoje às 2h da manhã. Volto com o resultado." },
  { "heitor", "Aplicado em 214 aparelhos, 3 falharam e já abri visita para eles." },
  { "fabio", "👏👏" },
  { "sofia", "Excelente trabalho. @ana, pode registrar o procedimento na base?" },
  { "ana", "Já está lá, com as fotos do menu." },
  { "diego",
    "Manutenção na torre do Alto da Serra amanhã, das 5h às 6h. Uns 90 clientes ficam sem sinal." },
  { "sofia", "Obrigada, Diego. Mandei o aviso para eles." },
  { "bruno", "Cliente da padaria perguntou do link reserva, alguém tem a proposta modelo?" },
  { "elisa", "Tenho, te mando no privado." },
};

static const Remark general_remarks[] = {
  { "admin", "Bem-vindos ao Guichê! Este é o canal para os avisos de todos." },
  { "joao", "Batemos a meta do trimestre! 🎉 Obrigado a cada um de vocês." },
  { "gabriela", "Parabéns, time!" },
  { "carla", "O fechamento do mês é na sexta. Lançamentos até quinta, por favor." },
  { "isabela", "Café da tarde na sexta às 16h, eu levo o bolo de fubá." },
  { "bruno", "Agora sim um aviso importante 😄" },
  { "sofia", "Escala do feriado publicada no mural. Qualquer troca, falem comigo até quarta." },
};

static const Remark direct_remarks[] = {
  { "bruno", "Ana, consegue pegar a cliente da Rua do Ipê Amarelo? Estou no telefone." },
  { "ana", "Peguei!" },
  { "bruno", "Valeu, te devo um café ☕" },
  { "ana", "Vou cobrar kkk" },
};

static const Remark supervisor_remarks[] = {
  { "sofia", "Ana, o retorno do cliente do condomínio foi excelente. Parabéns pelo atendimento." },
  { "ana", "Obrigada, Sofia! Ele vai fechar os 48 apartamentos." },
};

static const struct {
  const char *shortcut;
  const char *title;
  const char *body;
} canned_replies[] = {
  { "ola", "Saudação",
    "Olá, {{customer.first_name}}! Aqui é {{agent.name}}. Em que posso ajudar?" },
  { "aguarde", "Um momento", "Vou verificar para você, um momento, por favor." },
  { "boleto", "Segunda via",
    "Segue a segunda via do seu boleto. Você também pode pagar pelo Pix, com o QR code que está "
    "nele." },
  { "reiniciar", "Reiniciar o aparelho",
    "Por favor, desligue o aparelho da tomada, espere 30 segundos e ligue de novo. Em dois minutos "
    "as luzes voltam ao normal." },
  { "wifi", "Dicas de Wi-Fi",
    "Para um Wi-Fi melhor: deixe o roteador no centro da casa, longe do micro-ondas, e use a rede "
    "de 5 GHz quando estiver por perto." },
  { "visita", "Visita técnica",
    "{{customer.first_name}}, a visita técnica ficou agendada. O técnico se identifica com crachá "
    "e liga antes de chegar." },
  { "plano", "Plano atual",
    "O seu plano hoje é o {{customer.plan}}, contrato {{customer.contract}}." },
  { "tchau", "Despedida",
    "Foi um prazer atender você, {{customer.first_name}}! Precisando, é só chamar por aqui." },
};

static gboolean
make_canned_replies (GuicheSample *self, GError **error)
{
  const GuicheId none = GUICHE_ID_NONE;

  guiche_sample_act_as (self, guiche_sample_find_user (self, "sofia"));
  for (gsize i = 0; i < G_N_ELEMENTS (canned_replies); i++) {
    g_auto (GuicheCannedReplyRecord) reply = { 0 };

    if (!guiche_canned_reply_save (self->tx, &none, canned_replies[i].shortcut,
                                   canned_replies[i].title, canned_replies[i].body, &reply, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
say (GuicheSample *self, GuicheConversation *conversation, const Remark *remark, GError **error)
{
  const GuicheSampleUser *user = guiche_sample_find_user (self, remark->login);
  GuicheSender sender = { .kind = GUICHE_SENDER_AGENT,
                          .id = user->id,
                          .name = (char *) user->name };
  GuicheMessageRequest request = { .client_id = guiche_tx_new_id (self->tx),
                                   .kind = GUICHE_MESSAGE_TEXT,
                                   .body = remark->text };
  GuicheMessageResult result;

  guiche_sample_act_as (self, user);
  return guiche_message_post (self->tx, conversation, &sender, &request, &result, error);
}

/* Everybody named has read all but the last @n_unread. */
static gboolean
mark_read (GuicheSample *self,
           GuicheConversation *conversation,
           const char *login,
           gint64 n_unread,
           GError **error)
{
  GuicheReadMarkRecord mark = { 0 };

  guiche_sample_act_as (self, guiche_sample_find_user (self, login));
  return guiche_read_mark_raise (self->tx, &conversation->record.id,
                                 MAX (conversation->record.last_seq - n_unread, 0), &mark, error);
}

/* The remarks, spread over the days before now. */
static gboolean
play (GuicheSample *self,
      GuicheConversation *conversation,
      const Remark *remarks,
      gsize n_remarks,
      gint64 hours_ago,
      GError **error)
{
  GuicheDice dice = guiche_dice_new (self->seed, 900000 + (guint64) hours_ago);
  gint64 longest_s = hours_ago * 3600 / (gint64) n_remarks;

  self->clock_us = self->now_us - hours_ago * G_TIME_SPAN_HOUR;
  for (gsize i = 0; i < n_remarks; i++) {
    guiche_sample_wait (self, &dice, longest_s / 4, longest_s - 1);
    if (!say (self, conversation, &remarks[i], error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
make_channel (GuicheSample *self,
              const char *name,
              const Remark *remarks,
              gsize n_remarks,
              gint64 hours_ago,
              GError **error)
{
  g_autoptr (GuicheConversation) conversation = NULL;
  g_autofree GuicheId *members = g_new0 (GuicheId, self->n_users);

  for (gsize i = 0; i < self->n_users; i++)
    members[i] = self->users[i].id;
  self->clock_us = self->now_us - 179 * G_TIME_SPAN_DAY;
  guiche_sample_act_as (self, guiche_sample_find_user (self, "admin"));
  conversation = guiche_channel_create (self->tx, name, members, self->n_users, error);
  if (conversation == NULL || !play (self, conversation, remarks, n_remarks, hours_ago, error))
    return FALSE;
  for (gsize i = 0; i < self->n_users; i++)
    if (!mark_read (self, conversation, self->users[i].login, i < 2 ? 2 : 0, error))
      return FALSE;
  return TRUE;
}

static gboolean
make_direct (GuicheSample *self,
             const char *login,
             const char *other,
             const Remark *remarks,
             gsize n_remarks,
             GError **error)
{
  g_autoptr (GuicheConversation) conversation = NULL;
  gboolean is_new;

  self->clock_us = self->now_us - 30 * G_TIME_SPAN_HOUR;
  guiche_sample_act_as (self, guiche_sample_find_user (self, login));
  conversation =
      guiche_direct_open (self->tx, &guiche_sample_find_user (self, other)->id, &is_new, error);
  return conversation != NULL && play (self, conversation, remarks, n_remarks, 26, error) &&
         mark_read (self, conversation, login, 0, error) &&
         mark_read (self, conversation, other, 0, error);
}

gboolean
guiche_sample_make_inside (GuicheSample *self, GError **error)
{
  return make_canned_replies (self, error) &&
         make_channel (self, "suporte", support_remarks, G_N_ELEMENTS (support_remarks), 90,
                       error) &&
         make_channel (self, "geral", general_remarks, G_N_ELEMENTS (general_remarks), 200,
                       error) &&
         make_direct (self, "ana", "bruno", direct_remarks, G_N_ELEMENTS (direct_remarks), error) &&
         make_direct (self, "ana", "sofia", supervisor_remarks, G_N_ELEMENTS (supervisor_remarks),
                      error);
}
