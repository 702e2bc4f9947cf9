const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A queue with an arrow out of it. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%230b6bcb'/%3E%3Cpath d='M3 5h6M3 8h6M3 11h6M11 5l3 3-3 3' stroke='%23fff' stroke-width='1.6' fill='none'/%3E%3C/svg%3E";

/** The console's one HTML page. @param token what its script sends with every change */
export const renderPage = (token: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="console-token" content="${escaped(token)}">
<title>sqs-browser console</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="/console/page.css">
</head>
<body>
<div id="app"><p class="loading">The console is loading…</p></div>
<noscript>The console needs JavaScript.</noscript>
<script type="module" src="/console/page.js"></script>
</body>
</html>
`;
