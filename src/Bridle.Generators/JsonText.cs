using System.Text;

namespace Bridle.Generators;

/// <summary>JSON written without a library, because generators bring none along.</summary>
internal static class JsonText
{
    public static bool IsFinite(double number) => !double.IsNaN(number) && !double.IsInfinity(number);

    public static string Quote(string text)
    {
        var json = new StringBuilder(text.Length + 2).Append('"');
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append("\\u").Append(((int)letter).ToString("x4")),
                _ => json.Append(letter),
            };
        }

        return json.Append('"').ToString();
    }
}
