// SPDX-License-Identifier: GPL-3.0-or-later
// A chat button for any site: <script src="https://desk.example.com/chat/widget.js" data-tenant="demo" async></script>
// Optional: data-color="#1c71d8" data-label="Fale conosco". The conversation lives in a frame of the desk's own origin.
(() => {
  const script = document.currentScript;
  const tenant = script && script.dataset.tenant;
  if (!tenant || document.getElementById('guiche-widget')) return;
  const origin = new URL(script.src).origin;
  const isPortuguese = /^pt\b/i.test(navigator.language || 'pt');
  const words = isPortuguese ? { open: 'Abrir o atendimento', close: 'Fechar o atendimento', title: 'Atendimento' }
    : { open: 'Open the chat', close: 'Close the chat', title: 'Chat' };
  const color = /^#[0-9a-f]{3,8}$/i.test(script.dataset.color || '') ? script.dataset.color : '#1c71d8';

  const host = document.createElement('div');
  host.id = 'guiche-widget';
  const root = host.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; font-family: system-ui, sans-serif; }
    button { display: flex; align-items: center; justify-content: center; gap: 8px; min-width: 56px; height: 56px; padding: 0 16px; margin-left: auto;
      border: 0; border-radius: 28px; background: ${color}; color: #fff; font: 600 16px system-ui, sans-serif; cursor: pointer; box-shadow: 0 4px 16px rgb(0 0 0 / .3); position: relative; }
    button:focus-visible { outline: 3px solid #fff; outline-offset: -5px; }
    svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
    .badge { position: absolute; top: -4px; right: -4px; min-width: 22px; height: 22px; border-radius: 11px; background: #c01c28; font-size: 13px; line-height: 22px; text-align: center; padding: 0 4px; box-sizing: border-box; }
    [hidden] { display: none !important; }
    iframe { display: block; width: min(400px, calc(100vw - 24px)); height: min(640px, calc(100vh - 110px)); border: 0; border-radius: 16px; margin-bottom: 12px; background: Canvas; box-shadow: 0 8px 40px rgb(0 0 0 / .35); }
    @media (max-width: 480px) { :host(.open) { inset: 0; } :host(.open) iframe { width: 100vw; height: 100dvh; margin: 0; border-radius: 0; } :host(.open) button { position: fixed; top: 8px; right: 8px; height: 40px; min-width: 40px; padding: 0 8px; } }
  `);
  root.adoptedStyleSheets = [style];

  const button = document.createElement('button');
  button.type = 'button';
  const badge = document.createElement('span');
  badge.className = 'badge';
  badge.hidden = true;
  const label = document.createElement('span');
  label.textContent = script.dataset.label || '';
  label.hidden = !script.dataset.label;
  let frame = null;

  function picture(path) {
    const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    drawing.setAttribute('viewBox', '0 0 24 24');
    drawing.setAttribute('aria-hidden', 'true');
    const shape = document.createElementNS(drawing.namespaceURI, 'path');
    shape.setAttribute('d', path);
    drawing.append(shape);
    return drawing;
  }

  function show(isOpen) {
    host.classList.toggle('open', isOpen);
    if (isOpen && !frame) {
      frame = document.createElement('iframe');
      frame.src = `${origin}/chat/${encodeURIComponent(tenant)}`;
      frame.title = words.title;
      frame.allow = 'microphone; autoplay; clipboard-write';
      root.prepend(frame);
    }
    if (frame) frame.hidden = !isOpen;
    button.replaceChildren(picture(isOpen ? 'M6 6l12 12M18 6 6 18' : 'M4 5h16v11H9l-5 4Z'), label, badge);
    label.hidden = isOpen || !script.dataset.label;
    button.setAttribute('aria-label', isOpen ? words.close : words.open);
    button.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) frame.focus();
  }

  button.onclick = () => show(!(frame && !frame.hidden));
  addEventListener('message', (event) => {
    if (event.origin !== origin || event.source !== frame?.contentWindow || event.data?.guiche !== 'unread') return;
    const count = Number(event.data.count) || 0;
    badge.textContent = count > 99 ? '99+' : String(count);
    badge.hidden = count === 0;
  });
  root.append(button);
  show(false);
  if (document.body) document.body.append(host);
  else addEventListener('DOMContentLoaded', () => document.body.append(host));
})();
