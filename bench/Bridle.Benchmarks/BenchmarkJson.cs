using System.Text.Json.Serialization;

namespace Bridle.Benchmarks;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class BenchmarkJson : JsonSerializerContext;
