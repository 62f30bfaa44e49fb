/** Eta templates of a letter. One layout: what differs between kinds of message are words, not shape. */

export const TEXT_LAYOUT = `<%= it.greeting %>


<%= it.intro %>


<% it.lines.forEach((line, index) => { %>
<%= index + 1 %>. <%= line.heading %>

   <%= line.text %>

<% line.rows.forEach((row) => { %>
   <%= row.label %>: <%= row.value %>

<% }) %>
   <%= it.link %>: <%= line.url %>


<% }) %>
<% if (it.further) { %>
<%= it.further %> <%= it.home %>


<% } %>
<% if (it.signature) { %>
<%= it.signature %>

<% } %>
<%= it.footer %>
`;

/** Tables and inline styles, because mail programs know little else; readable without any of them. */
export const HTML_LAYOUT = `<!doctype html>
<html lang="<%= it.locale %>">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title><%= it.subject %></title></head>
<body style="margin:0;padding:16px;background:#f3f4f6;color:#1f2937;font:15px/1.5 'Segoe UI',Roboto,Arial,sans-serif">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:640px;background:#fff;border:1px solid #d1d5db">
<tr><td style="padding:20px 24px 0"><p style="margin:0 0 8px;font-weight:600"><%= it.greeting %></p><p style="margin:0"><%= it.intro %></p></td></tr>
<% it.lines.forEach((line) => { %><tr><td style="padding:16px 24px 0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-left:4px solid #b91c1c"><tr><td style="padding:2px 0 2px 12px">
<p style="margin:0;font-weight:600"><%= line.heading %></p>
<p style="margin:4px 0"><%= line.text %></p>
<table role="presentation" cellpadding="0" cellspacing="0">
<% line.rows.forEach((row) => { %><tr><td style="padding:1px 12px 1px 0;color:#4b5563;vertical-align:top;white-space:nowrap"><%= row.label %></td><td style="padding:1px 0"><%= row.value %></td></tr>
<% }) %></table>
<p style="margin:6px 0 0"><a href="<%= line.url %>" style="color:#1d4ed8"><%= it.open %></a></p>
</td></tr></table>
</td></tr>
<% }) %><% if (it.further) { %><tr><td style="padding:16px 24px 0"><a href="<%= it.home %>" style="color:#1d4ed8"><%= it.further %></a></td></tr>
<% } %><tr><td style="padding:20px 24px;color:#4b5563"><% if (it.signature) { %><p style="margin:0 0 4px;font-weight:600"><%= it.signature %></p><% } %><p style="margin:0;font-size:13px"><%= it.footer %></p></td></tr>
</table>
</td></tr></table>
</body>
</html>
`;
