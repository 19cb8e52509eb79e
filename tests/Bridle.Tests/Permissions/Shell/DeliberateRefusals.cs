namespace Bridle.Tests.Permissions.Shell;

/// <summary>Where bash's reading depends on what no reader can know, the parser refuses on purpose: how its words for that begin.</summary>
internal static class DeliberateRefusals
{
    public static readonly string[] All = ["quotes stand in an arithmetic", "a backslash stands in an arithmetic", "a dollar stands alone", "a single quote stands in an expansion", "an escaped quote stands in backticks", "a substitution crosses", "a here-document has no body", "a here-document without its end"];
}
