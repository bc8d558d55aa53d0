using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Symbolon.Cli.Expressions;

namespace Symbolon.UnitTests.Cel;

/// <summary>Every test of tests/data/cel (google/cel-spec), by the code of <c>symbolon policy eval</c>. None is left out.</summary>
[Trait("area", "cel")]
public sealed class CelVectorTests
{
    private const int Vectors = 1360;

    public static TheoryData<string> Files => [.. Names];

    private static IEnumerable<string> Names =>
        typeof(CelVectorTests).Assembly.GetManifestResourceNames().Where(name => name.StartsWith("cel/", StringComparison.Ordinal)).Select(name => name[4..]).Order(StringComparer.Ordinal);

    [Theory, MemberData(nameof(Files))]
    public void Every_vector_has_its_value_or_its_error(string file)
    {
        var faults = Read(file).Select(vector => FaultOf(vector)).OfType<string>().ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>What is checked evaluates to the same without being checked.</summary>
    [Theory, MemberData(nameof(Files))]
    public void A_vector_that_is_checked_has_the_same_value_unchecked(string file)
    {
        var faults = new List<string>();
        foreach (var vector in Read(file).Where(vector => vector.TryGetProperty("value", out _)))
        {
            var unchecked_ = JsonNode.Parse(vector.GetRawText())!.AsObject();
            unchecked_["disable_check"] = "true";
            if (FaultOf(JsonSerializer.SerializeToElement(unchecked_)) is { } fault) faults.Add(fault);
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void All_vectors_are_there() => Assert.Equal(Vectors, Names.Sum(file => Read(file).Count));

    private static List<JsonElement> Read(string file)
    {
        using var stream = typeof(CelVectorTests).Assembly.GetManifestResourceStream("cel/" + file)!;
        return [.. JsonDocument.Parse(stream).RootElement.GetProperty("tests").EnumerateArray()];
    }

    private static string? FaultOf(JsonElement vector)
    {
        var (name, content) = ExpressionLine.AnswerOf(vector);
        var expression = $"{vector.GetProperty("section")}/{vector.GetProperty("name")}: {vector.GetProperty("expr")}\n    got {name} {content?.ToJsonString()}";
        if (vector.TryGetProperty("error", out var error)) return name == "error" ? null : $"{expression}, wanted error {error}";
        var wanted = vector.GetProperty("value");
        return name == "value" && Same(wanted, JsonSerializer.SerializeToElement(content)) ? null : $"{expression}, wanted {wanted}";
    }

    /// <summary>Doubles by value, maps without regard to order, everything else as it stands.</summary>
    private static bool Same(JsonElement wanted, JsonElement found)
    {
        if (wanted.ValueKind != JsonValueKind.Object || found.ValueKind != JsonValueKind.Object) return wanted.GetRawText() == found.GetRawText() || (wanted.ValueKind == JsonValueKind.String && found.ValueKind == JsonValueKind.String && wanted.GetString() == found.GetString());
        if (wanted.TryGetProperty("double_value", out var number)) return found.TryGetProperty("double_value", out var other) && DoubleOf(number).Equals(DoubleOf(other));
        if (wanted.TryGetProperty("values", out var values)) return found.TryGetProperty("values", out var items) && items.GetArrayLength() == values.GetArrayLength() && values.EnumerateArray().Zip(items.EnumerateArray()).All(pair => Same(pair.First, pair.Second));
        if (wanted.TryGetProperty("entries", out var entries))
            return found.TryGetProperty("entries", out var others) && others.GetArrayLength() == entries.GetArrayLength()
                && entries.EnumerateArray().All(entry => others.EnumerateArray().Any(candidate => Same(entry.GetProperty("key"), candidate.GetProperty("key")) && Same(entry.GetProperty("value"), candidate.GetProperty("value"))));
        var (mine, theirs) = (wanted.EnumerateObject().ToList(), found.EnumerateObject().ToList());
        return mine.Count == theirs.Count && mine.TrueForAll(member => found.TryGetProperty(member.Name, out var same) && Same(member.Value, same));
    }

    private static double DoubleOf(JsonElement text) => text.GetString() switch
    {
        "inf" or "Infinity" => double.PositiveInfinity,
        "-inf" or "-Infinity" => double.NegativeInfinity,
        "NaN" or "nan" => double.NaN,
        var digits => double.Parse(digits!, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
