using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>Recognises that a server did not take an image, be it that its model sees none or that it cannot read this one.</summary>
internal static class ImageRefusal
{
    private static readonly string[] s_about = ["image", "vision", "multimodal", "multi-modal", "mmproj"];
    private static readonly string[] s_unable = ["support", "image input", "mmproj", "cannot read", "could not process", "unable to process"];

    /// <summary>The error as it is, or as one about an image when the request has one and the server speaks of it.</summary>
    public static ModelError In(ModelError error, ModelRequest request, ModelInfo model) =>
        IsOne(error, model) && model.Images != Known.No && request.Messages.Any(Shows)
            ? error with { Kind = ModelErrorKind.ImagesRefused, Advice = WireErrors.Make(ModelErrorKind.ImagesRefused, null, "", null).Advice, ShouldRetry = false }
            : error;

    // A server that fails in some other way, or finds nothing, may well say "image" too: there its words must say more.
    private static bool IsOne(ModelError error, ModelInfo model)
    {
        var words = Says(model.Name, s_about) ? error.Message.Replace(model.Name, "", StringComparison.OrdinalIgnoreCase) : error.Message;
        return error.Kind switch
        {
            ModelErrorKind.BadRequest => Says(words, s_about),
            ModelErrorKind.NotFound or ModelErrorKind.Server => Says(words, s_about) && Says(words, s_unable),
            _ => false,
        };
    }

    private static bool Says(string words, string[] phrases) => Array.Exists(phrases, phrase => words.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    private static bool Shows(Message message) =>
        message.Parts.Any(part => part is ImagePart { Bytes.IsEmpty: false } || (part is ToolResultPart result && result.Content.Any(inner => inner is ImagePart { Bytes.IsEmpty: false })));
}
