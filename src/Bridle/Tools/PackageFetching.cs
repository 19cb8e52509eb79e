namespace Bridle.Tools;

/// <summary>
/// Commands that fetch packages and build with them. One that runs without anybody being asked may reach the registries of its family, and no other host.
/// </summary>
/// <param name="Family">The name, such as <c>npm</c>.</param>
/// <param name="Commands">Programs with the words that follow, such as <c>npm install</c>; a program alone stands for itself without any operand.</param>
public sealed record PackageFetching(string Family, IReadOnlyList<string> Commands);
