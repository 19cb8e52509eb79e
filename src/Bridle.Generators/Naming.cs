using System.Text;
using Microsoft.CodeAnalysis;

namespace Bridle.Generators;

/// <summary>Names on their way from C# to JSON.</summary>
internal static class Naming
{
    /// <summary>Fully qualified, with nullable annotations inside of generic arguments.</summary>
    public static readonly SymbolDisplayFormat Full = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary><c>filePath</c> and <c>FilePath</c> become <c>file_path</c>, <c>maxHTMLSize</c> becomes <c>max_html_size</c>.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var starts = char.IsUpper(name[i]) && i > 0 && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (starts)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(name[i]));
        }

        return text.ToString().Trim('_');
    }

    public static bool IsToolName(string name) =>
        name.Length is > 0 and <= 64 && IsLetter(name[0]) && name.All(letter => IsLetter(letter) || letter is (>= '0' and <= '9') or '_' or '-');

    private static bool IsLetter(char letter) => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
}
