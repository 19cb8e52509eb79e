using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>Names the exact input of a call. Approvals and hook verdicts hold for one input only.</summary>
public static class InputHash
{
    /// <summary>The lower-case hex SHA-256 of the tool's name and the bound arguments as they are written.</summary>
    public static string Of(string tool, JsonElement input) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tool}\n{TextOf(input)}")));

    /// <summary>The arguments as JSON text; <c>{}</c> when there are none.</summary>
    public static string TextOf(JsonElement input) => input.ValueKind is JsonValueKind.Undefined ? "{}" : input.GetRawText();
}
