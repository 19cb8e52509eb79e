namespace Bridle.Cli.Chat;

/// <summary>The keys of a chat, in the order in which the reference, which is made from it, shows them.</summary>
internal static class KeyTable
{
    /// <summary>Where a key counts, what is pressed, and what it does.</summary>
    public static readonly (string Where, string Keys, string Does)[] All =
    [
        ("message", "Enter", "send; while a turn runs, queue for its next step"),
        ("message", "Alt+Enter, Ctrl+J, \\ and Enter", "a new line"),
        ("message", "Left, Right, Ctrl+B, Ctrl+F", "a character back or on"),
        ("message", "Ctrl+Left, Ctrl+Right, Alt+B, Alt+F", "a word back or on"),
        ("message", "Home, End, Ctrl+A, Ctrl+E", "to the beginning or the end of the line"),
        ("message", "Up, Down", "a line up or down; from the first or the last one, an earlier or a later message"),
        ("message", "Backspace, Delete, Ctrl+H", "delete a character"),
        ("message", "Ctrl+W, Alt+Backspace", "delete a word"),
        ("message", "Ctrl+U, Ctrl+K", "delete to the beginning or the end of the line"),
        ("message", "Ctrl+R", "search in earlier messages; again for an older one, Enter takes it, Esc leaves"),
        ("message", "/ at the beginning", "choose a command"),
        ("message", "@", "choose a file of the workspace; what git ignores is left out"),
        ("message", "! at the beginning", "run a command in your own shell; the model hears nothing of it"),
        ("list", "Up, Down", "go through it"),
        ("list", "Tab, Enter", "take the chosen line"),
        ("list", "Esc", "close it"),
        ("no question", "Esc", "interrupt the turn or the command that runs; without one, drop what is typed"),
        ("anywhere", "Ctrl+C", "interrupt the turn, or drop what is typed; once more to leave (130). What was queued goes back to the input line and is not sent"),
        ("no question", "Ctrl+D", "leave, when nothing is typed; while a turn runs, when it is over"),
        ("no question", "Shift+Tab", "the next permission mode: default, acceptEdits, plan"),
        ("no question", "Ctrl+O", "while calls run, more of what they put out; else the whole output of the last one, then of the one before"),
        ("no question", "Ctrl+L", "clear the window"),
        ("question", "y, s, p, a", "yes: once, for this session, for this project, always; only what is offered"),
        ("question", "n, Esc", "no, with a reason for the model if you like, which you may begin at once"),
        ("question", "e", "change the command, or the input, and then yes; what you changed is checked again"),
        ("question", "Ctrl+L", "show the question again"),
    ];
}
