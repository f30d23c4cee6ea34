/** The reference page's only style: light and dark by the reader's setting. */
export const style = `
:root{color-scheme:light dark;--text:light-dark(#1c1b1a,#ecebe8);--soft:light-dark(#6a6762,#a3a09a);--line:light-dark(#e2dfd8,#35332f);--back:light-dark(#fbfaf7,#191816);--card:light-dark(#fff,#211f1d);--accent:light-dark(#a8431c,#f09a72)}
*{box-sizing:border-box}
html{scroll-behavior:smooth;scroll-padding-top:1rem}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.6 system-ui,"Segoe UI","PingFang SC","Microsoft YaHei",sans-serif;display:grid;grid-template-columns:15rem minmax(0,1fr)}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:2rem 1.5rem;border-right:1px solid var(--line);display:flex;flex-direction:column;gap:.4rem}
nav strong{margin-bottom:1rem}
main{padding:2rem clamp(1rem,4vw,3.5rem) 6rem;max-width:64rem}
a{color:var(--accent);text-underline-offset:.2em}
nav a{text-decoration:none}
a:focus-visible,summary:focus-visible,pre:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 1rem}
h1 small{color:var(--soft);font-weight:400;font-size:1rem}
h2{font-size:1.2rem;margin:3rem 0 1rem}
h3{font-size:.85rem;margin:1.4rem 0 .4rem;color:var(--soft);font-weight:600}
code,pre{font:13.5px/1.6 ui-monospace,"SF Mono",Menlo,Consolas,monospace}
details,.schema{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.7rem 1rem;margin:.6rem 0}
.schema h3{margin-top:.2rem;color:var(--text);font-size:.95rem}
summary{cursor:pointer;display:flex;gap:.8rem;align-items:baseline;flex-wrap:wrap;list-style:none}
summary::-webkit-details-marker{display:none}
summary::before{content:"";flex:none;align-self:center;width:.4rem;height:.4rem;border:solid var(--soft);border-width:0 1.5px 1.5px 0;rotate:-45deg}
details[open]>summary::before{rotate:45deg}
summary em{font-style:normal;color:var(--accent)}
.summary{color:var(--soft);font-size:.92rem;margin-left:auto}
.method{font:600 12px/1 ui-monospace,Menlo,Consolas,monospace;width:4.2rem;color:light-dark(#1d6b3c,#7fd3a0)}
.method.post,.method.put,.method.patch{color:light-dark(#8a5a00,#e6bd6a)}
.method.delete{color:light-dark(#a62330,#f2919a)}
pre{background:var(--back);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem;margin:.3rem 0;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}
pre b{font-weight:600}
pre i{font-style:normal;color:var(--soft)}
.type{margin:0;color:var(--soft);font-size:.8rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}
td{border-top:1px solid var(--line);padding:.35rem .8rem .35rem 0;vertical-align:top}
ul{margin:.3rem 0;padding-left:1.2rem;font-size:.92rem}
@media(max-width:52rem){body{display:block}nav{position:static;height:auto;flex-flow:row wrap;border:0;border-bottom:1px solid var(--line);padding:1rem}nav strong{width:100%;margin:0}.summary{margin-left:0;width:100%}}
@media(prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`
