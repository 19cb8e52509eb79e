using Bridle.Hosting.Settings;
using Bridle.Models;
using Bridle.Models.Catalog;
using Bridle.Models.Prompted;
using Bridle.Models.Rehearsal;

namespace Bridle.Hosting.Providers;

/// <summary>Makes the model of a chosen provider, with everything that settings, the catalog and the price book know about it.</summary>
public sealed class ModelMaking(BridleSettings settings, ModelCatalog catalog, HostEnvironment environment)
{
    /// <summary>Tokens that one reply is asked for at most where nobody says what the model gives: hardly a model gives more, and servers refuse a request for more than theirs does.</summary>
    internal const int MostReply = 128_000;

    private readonly PriceBook _prices = Prices(settings);

    /// <summary>The price of a model by its full name, or null when it is not known.</summary>
    public static Price? PriceOf(BridleSettings settings, string fullName) =>
        fullName.IndexOf('/') is > 0 and var slash ? Prices(settings).Find(fullName[..slash], fullName[(slash + 1)..]) : null;

    private static PriceBook Prices(BridleSettings settings, PriceBook? book = null) => settings.Prices is not { } own ? book ?? PriceBook.BuiltIn
        : (book ?? PriceBook.BuiltIn).With(own.Where(price => price.Key != "default").ToDictionary(price => price.Key, price => price.Value), own.GetValueOrDefault("default"));

    /// <summary>The model, ready to be asked. Contacts nothing.</summary>
    /// <param name="choice">The provider and the model's name.</param>
    /// <param name="tools"><c>native</c> or <c>prompted</c> by a flag, or null.</param>
    /// <param name="maxTokens">Tokens that one reply may have by a flag, or null.</param>
    public IModel Make(ProviderChoice choice, string? tools, int? maxTokens) =>
        choice.BaseUrl is null ? new RehearsalModel()
        : ModelApis.TryParse(choice.Api, out var api) ? new PromptedTools(
            Model.For(api, choice.BaseUrl, Describe(choice, tools, maxTokens), choice.Key, WireSettings.For(environment, choice.Api, choice.Headers) with { WebGrounding = choice.WebGrounding }))
        : throw new ArgumentException($"'{choice.Api}' is not a protocol.", nameof(choice));

    /// <summary>What is known about the model. Whether it calls tools: a flag, then settings, then the catalog for this address; else unknown, and it is tried.</summary>
    public ModelInfo Describe(ProviderChoice choice, string? tools, int? maxTokens)
    {
        var listed = catalog.Find(choice.Provider, choice.Model);
        var most = choice.MaxOutputTokens ?? listed?.MaxOutputTokens;
        var wanted = maxTokens ?? settings.MaxTokens;

        // Ollama takes what we ask it to make room for, and cuts the beginning off in silence when that is less than what it is sent.
        var window = choice.ContextWindow ?? listed?.ContextWindow ?? KnownWindows.Find(choice.Provider, choice.Model) ?? (choice.Api == ModelApi.Ollama.NameOf() ? ModelApis.OllamaContext : null);
        return new(choice.Provider, choice.Model, choice.Api)
        {
            Server = choice.Address,
            ContextWindow = window,
            MaxOutputTokens = wanted is { } limit ? Math.Min(limit, most ?? Math.Min(MostReply, window ?? MostReply)) : most,
            Tools = (tools ?? choice.Tools ?? (settings.Tools is "auto" ? null : settings.Tools)) switch
            {
                "native" => Known.Yes,
                "prompted" => Known.No,
                _ => listed?.ToolsAt(choice.Address) ?? Known.Unknown,
            },
            Images = listed?.Images ?? Known.Unknown,
            Price = choice.IsElsewhere ? Prices(settings, PriceBook.Empty).Find(choice.Provider, choice.Model) : _prices.Find(choice.Provider, choice.Model) ?? listed?.Price,
        };
    }
}
