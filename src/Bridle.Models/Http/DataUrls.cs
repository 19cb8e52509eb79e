using System.Text;
using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>Images as text.</summary>
internal static class DataUrls
{
    /// <summary>The image as a data URL.</summary>
    public static string Of(ImagePart image) => $"data:{image.MediaType};base64,{Convert.ToBase64String(image.Bytes.Span)}";
}

/// <summary>A tool result as the one text that most protocols take.</summary>
internal static class ResultText
{
    /// <summary>Its text parts, with <paramref name="imageNote"/> where an image is. A failed one says so, since these protocols have no field for that.</summary>
    public static string Of(ToolResultPart result, string imageNote)
    {
        if (result is { IsError: false, Content: [TextPart only] })
        {
            return only.Text;
        }

        var text = new StringBuilder();
        if (result.IsError && !(result.Content is [TextPart first, ..] && first.Text.StartsWith("error", StringComparison.OrdinalIgnoreCase)))
        {
            text.Append("Error: ");
        }

        foreach (var part in result.Content)
        {
            if (text.Length > 0 && text[^1] is not ('\n' or ' '))
            {
                text.Append('\n');
            }

            text.Append(part is TextPart words ? words.Text : imageNote);
        }

        return text.ToString();
    }
}
