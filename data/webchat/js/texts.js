// SPDX-License-Identifier: GPL-3.0-or-later
// What the page says, in both languages. The browser's language decides; the button changes it and it is remembered.

const TEXTS = {
  pt: {
    'welcome-title': 'Como podemos ajudar?',
    'welcome-lead': 'Conte quem você é e o assunto. Um atendente responde por aqui mesmo.',
    name: 'Seu nome', phone: 'Telefone (opcional)', email: 'E-mail (opcional)', subject: 'Assunto', start: 'Iniciar conversa',
    retry: 'Tentar de novo', language: 'English', 'language-label': 'Switch to English',
    'name-missing': 'Escreva o seu nome.', 'phone-wrong': 'Confira o telefone: com DDD, só números.', 'email-wrong': 'Confira o e-mail.',
    'subject-missing': 'Escolha um assunto.',
    'company-missing': 'Endereço não encontrado', 'company-missing-text': 'Confira o endereço desta página com a empresa.',
    'server-away': 'Sem conexão com o atendimento', 'server-away-text': 'Verifique a sua internet. Vamos tentar de novo em instantes.',
    offline: 'Sem conexão. As suas mensagens serão enviadas assim que ela voltar.', connecting: 'Conectando…',
    waiting: 'Aguardando um atendente', 'position-next': 'Você é o próximo da fila', position: 'Posição na fila: {0}',
    'with-agent': 'Em atendimento com {0}', closed: 'Conversa encerrada. Escreva para reabrir.',
    'type-here': 'Escreva uma mensagem', send: 'Enviar', attach: 'Anexar arquivo', record: 'Gravar mensagem de voz',
    discard: 'Descartar gravação', finish: 'Enviar gravação', latest: 'Ir para as mensagens novas',
    typing: '{0} está digitando…', you: 'Você', 'voice-note': 'Mensagem de voz', image: 'Imagem', file: 'Arquivo', play: 'Reproduzir', pause: 'Pausar',
    seek: 'Posição na mensagem de voz', speed: 'Velocidade', download: 'Baixar {0}', 'message-deleted': 'Mensagem apagada', edited: 'editada',
    'state-pending': 'enviando', 'state-failed': 'não enviada', 'state-1': 'enviada', 'state-2': 'entregue', 'state-3': 'lida', 'retry-send': 'Enviar de novo', 'discard-send': 'Descartar',
    today: 'Hoje', yesterday: 'Ontem',
    'microphone-denied': 'O navegador não deixou usar o microfone. Permita o acesso e tente de novo.', 'microphone-missing': 'Nenhum microfone foi encontrado.',
    'microphone-failed': 'Não foi possível gravar.', 'cannot-play': 'Este navegador não conseguiu tocar o áudio.', 'file-too-large': 'O arquivo passa do limite de {0} MB.', 'file-refused': 'Este tipo de arquivo não é aceito.',
    'file-empty': 'O arquivo está vazio.', 'download-failed': 'Não foi possível baixar o arquivo.', 'rate-limited': 'Muitas tentativas. Espere {0} s e tente de novo.', failed: 'Não foi possível enviar. Tente de novo.',
    'session-over': 'A conversa anterior expirou. Comece uma nova.',
    'system-opened': 'Conversa iniciada', 'system-accepted': '{0} entrou na conversa', 'system-assigned': '{1} vai atender você', 'system-transferred': 'Conversa transferida', 'system-closed': 'Conversa encerrada', 'system-reopened': 'Conversa reaberta',
    'widget-open': 'Abrir o atendimento', 'widget-close': 'Fechar o atendimento',
  },
  en: {
    'welcome-title': 'How can we help?',
    'welcome-lead': 'Tell us who you are and the subject. An agent answers right here.',
    name: 'Your name', phone: 'Phone (optional)', email: 'E-mail (optional)', subject: 'Subject', start: 'Start the conversation',
    retry: 'Try again', language: 'Português', 'language-label': 'Mudar para português',
    'name-missing': 'Please write your name.', 'phone-wrong': 'Please check the phone: area code and number.', 'email-wrong': 'Please check the e-mail.',
    'subject-missing': 'Please choose a subject.',
    'company-missing': 'Address not found', 'company-missing-text': 'Please check the address of this page with the company.',
    'server-away': 'No connection', 'server-away-text': 'Check your internet connection. We will try again in a moment.',
    offline: 'No connection. Your messages will be sent as soon as it is back.', connecting: 'Connecting…',
    waiting: 'Waiting for an agent', 'position-next': 'You are next', position: 'Position in the queue: {0}',
    'with-agent': 'With {0}', closed: 'Conversation closed. Write to reopen it.',
    'type-here': 'Write a message', send: 'Send', attach: 'Attach a file', record: 'Record a voice note',
    discard: 'Discard the recording', finish: 'Send the recording', latest: 'Go to the new messages',
    typing: '{0} is typing…', you: 'You', 'voice-note': 'Voice note', image: 'Image', file: 'File', play: 'Play', pause: 'Pause',
    seek: 'Position in the voice note', speed: 'Speed', download: 'Download {0}', 'message-deleted': 'Message deleted', edited: 'edited',
    'state-pending': 'sending', 'state-failed': 'not sent', 'state-1': 'sent', 'state-2': 'delivered', 'state-3': 'read', 'retry-send': 'Send again', 'discard-send': 'Discard',
    today: 'Today', yesterday: 'Yesterday',
    'microphone-denied': 'The browser did not allow the microphone. Allow it and try again.', 'microphone-missing': 'No microphone was found.',
    'microphone-failed': 'Recording failed.', 'cannot-play': 'This browser could not play the sound.', 'file-too-large': 'The file is over the limit of {0} MB.', 'file-refused': 'This type of file is not accepted.',
    'file-empty': 'The file is empty.', 'download-failed': 'The file could not be downloaded.', 'rate-limited': 'Too many tries. Wait {0} s and try again.', failed: 'Could not be sent. Try again.',
    'session-over': 'The earlier conversation has expired. Start a new one.',
    'system-opened': 'Conversation started', 'system-accepted': '{0} joined the conversation', 'system-assigned': '{1} will help you', 'system-transferred': 'Conversation transferred', 'system-closed': 'Conversation closed', 'system-reopened': 'Conversation reopened',
    'widget-open': 'Open the chat', 'widget-close': 'Close the chat',
  },
};

const KEY = 'guiche:language';
let current = remembered() || (/^pt\b/i.test(navigator.language || 'pt') ? 'pt' : 'en');

function remembered() {
  try {
    const value = localStorage.getItem(KEY);
    return TEXTS[value] ? value : null;
  } catch {
    return null;
  }
}

export function language() {
  return current;
}

export function locale() {
  return current === 'pt' ? 'pt-BR' : 'en';
}

export function switchLanguage() {
  current = current === 'pt' ? 'en' : 'pt';
  try {
    localStorage.setItem(KEY, current);
  } catch { /* private browsing: not remembered */ }
}

/** The text of a key, with {0}, {1}… filled in. */
export function text(key, ...values) {
  const pattern = TEXTS[current][key];
  if (pattern === undefined) return key;
  return pattern.replace(/\{(\d)\}/g, (whole, index) => String(values[Number(index)] ?? ''));
}
