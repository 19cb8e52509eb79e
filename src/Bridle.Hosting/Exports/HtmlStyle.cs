namespace Bridle.Hosting.Exports;

/// <summary>How an exported page looks, by day and by night, on a screen and on paper.</summary>
internal static class HtmlStyle
{
    public const string Text = """
        :root { --back: #fff; --text: #1c1e21; --dim: #5c6370; --line: #d9dce1; --soft: #f4f5f7; --person: #0b62c4; --bad: #b3261e; --add: #11632f; --del: #9a1c16; }
        @media (prefers-color-scheme: dark) { :root { --back: #16181c; --text: #e3e5e8; --dim: #9aa1ac; --line: #34383f; --soft: #1f2227; --person: #6cb0ff; --bad: #ff8a80; --add: #7fd99a; --del: #ff9d96; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 54rem; background: var(--back); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
        h1 { margin: 0 0 .6rem; font-size: 1.5rem; overflow-wrap: anywhere; }
        h2 { margin: 0 0 .2rem; font-size: .95rem; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; padding-bottom: 1rem; border-bottom: 1px solid var(--line); font-size: .9rem; }
        dt { color: var(--dim); }
        dd { margin: 0; overflow-wrap: anywhere; }
        .day { margin: 1.5rem 0 0; color: var(--dim); font-size: .85rem; }
        article { position: relative; margin: 1rem 0; padding-left: .9rem; border-left: 3px solid var(--line); }
        .person { border-color: var(--person); }
        .person h2 { color: var(--person); }
        .bad { border-color: var(--bad); }
        .bad h2, .bad summary i { color: var(--bad); }
        .note { margin: .4rem 0; color: var(--dim); font-size: .85rem; }
        .tool { margin: .4rem 0; font-size: .9rem; }
        .meta { float: right; margin: 0 0 0 1rem; color: var(--dim); font-size: .78rem; text-align: right; font-variant-numeric: tabular-nums; }
        .meta a { color: inherit; text-decoration: none; }
        .meta span::before { content: "· "; }
        .text { white-space: pre-wrap; overflow-wrap: anywhere; }
        .md { white-space: normal; }
        .md > :first-child { margin-top: 0; }
        .md > :last-child { margin-bottom: 0; }
        .md p, .md li, .md td, .md th { white-space: pre-wrap; }
        .md p, .md ul, .md ol, .md blockquote { margin: .5rem 0; }
        .md ul, .md ol { padding-left: 1.5rem; white-space: normal; }
        .md h3, .md h4, .md h5, .md h6 { margin: .9rem 0 .3rem; font-size: 1rem; }
        .md h3 { font-size: 1.15rem; }
        .md code { padding: 0 .25em; background: var(--soft); border-radius: 4px; font: .88em ui-monospace, monospace; }
        .md pre code { padding: 0; background: none; font: inherit; }
        .md blockquote { padding-left: .8rem; border-left: 3px solid var(--line); color: var(--dim); }
        .md table { display: block; overflow-x: auto; border-collapse: collapse; font-size: .92rem; }
        .md th, .md td { padding: .2rem .6rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
        .md a { color: var(--person); }
        .md hr { border: 0; border-top: 1px solid var(--line); }
        .call { margin: .2rem 0 0; color: var(--dim); font: .85rem ui-monospace, monospace; }
        .call::before { content: "→ "; }
        summary { cursor: pointer; overflow-wrap: anywhere; }
        summary .line { color: var(--dim); font: .82rem ui-monospace, monospace; }
        summary i { color: var(--dim); font-size: .8rem; }
        pre { margin: .5rem 0; padding: .6rem .8rem; max-height: 32rem; overflow: auto; background: var(--soft); border-radius: 6px; font: .82rem/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
        .in { color: var(--dim); }
        ins { color: var(--add); text-decoration: none; }
        del { color: var(--del); text-decoration: none; }
        img { max-width: 100%; }
        .odd { padding: 0 .2em; border: 1px solid var(--bad); border-radius: 3px; color: var(--bad); font-size: .75em; }
        .small { color: var(--dim); font-size: .85rem; }
        article:target { background: var(--soft); }
        @media print { details > * { display: block; } pre { max-height: none; } body { max-width: none; } }
        """;
}
