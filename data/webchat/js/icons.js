// SPDX-License-Identifier: GPL-3.0-or-later
// The page's few pictures, drawn for it; 24 by 24.

const PATHS = {
  send: 'M4 12 3 4.5 21 12 3 19.5 4 12Zm0 0h9',
  attach: 'M20 11.5 12 19.4a5 5 0 0 1-7-7l8.4-8.4a3.4 3.4 0 0 1 4.8 4.8l-8.4 8.3a1.7 1.7 0 0 1-2.4-2.4l7.7-7.6',
  microphone: 'M12 15a3.5 3.5 0 0 0 3.5-3.5v-5a3.5 3.5 0 0 0-7 0v5A3.5 3.5 0 0 0 12 15Zm-6.5-4a6.5 6.5 0 0 0 13 0M12 17.5V21m-3 0h6',
  trash: 'M4 7h16M10 11v6m4-6v6M6 7l1 13h10l1-13M9 7V4h6v3',
  play: 'M8 5.5v13l10.5-6.5Z',
  pause: 'M8 5.5v13m8-13v13',
  down: 'M12 5v14m-6-6 6 6 6-6',
  file: 'M6 3h8l4 4v14H6ZM14 3v4h4',
  chat: 'M4 5h16v11H9l-5 4Z',
  close: 'M6 6l12 12M18 6 6 18',
};

export function icon(name) {
  const drawing = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('aria-hidden', 'true');
  drawing.classList.add('drawing', `drawing-${name}`);
  const path = document.createElementNS(drawing.namespaceURI, 'path');
  path.setAttribute('d', PATHS[name]);
  drawing.append(path);
  return drawing;
}
