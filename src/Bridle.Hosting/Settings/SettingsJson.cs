using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bridle.Hosting.Settings;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.General,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(BridleSettings))]
[JsonSerializable(typeof(PermissionSettings))]
[JsonSerializable(typeof(ProviderSettings))]
[JsonSerializable(typeof(SensorDefinition))]
[JsonSerializable(typeof(LanguageServerSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
