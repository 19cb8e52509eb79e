namespace Bridle.Cli.Terminals;

/// <summary>How a person who looks elsewhere hears that they are waited for: <c>off</c>, <c>bell</c>, or <c>desktop</c>, which terminals that know it show as a notification.</summary>
internal sealed class Notifications(string kind)
{
    // Nobody looked away in a shorter time.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    /// <summary>The sequence to write, or nothing.</summary>
    public string Sequence(string text) => kind switch
    {
        "off" => "",
        "desktop" => $"\x1b]9;{text}\a",
        _ => "\a",
    };

    /// <summary>The same for the end of a turn, if that took long.</summary>
    public string WhenOver(TimeSpan took) => took >= Long ? Sequence("Bridle is done.") : "";
}
