using System.Text;
using System.Text.Json;
using Symbolon.Cel;
using Symbolon.Cel.Evaluation;
using Symbolon.Cel.Json;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;

namespace Symbolon.UnitTests.Cel;

/// <summary>JSON texts as values, the large ones as the small ones.</summary>
[Trait("area", "policy")]
public sealed class CelJsonTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(5_000)]
    public void Every_item_and_member_is_found_however_many_there_are(int count)
    {
        var text = new StringBuilder("{\"list\":[").AppendJoin(',', Enumerable.Range(0, count)).Append("],\"map\":{")
            // Every third name is written with an escape, every fifth has a letter beyond ASCII.
            .AppendJoin(',', Enumerable.Range(0, count).Select(i => $"\"{(i % 3 == 0 ? "\\u006e" : "n")}{(i % 5 == 0 ? "é" : "")}{i}\":{i}")).Append("}}").ToString();
        var json = new CelJson();
        Assert.True(Evaluate("1 == 1", json, "{}").IsTrue);
        var root = json.Read(text);
        Assert.True(root.AsMap.TryGet(root.Node, CelValue.Of("list"), out var list));
        Assert.True(root.AsMap.TryGet(root.Node, CelValue.Of("map"), out var map));
        Assert.Equal(count, map.AsMap.Count(map.Node));
        foreach (var i in Enumerable.Range(0, count).Reverse())
        {
            var name = $"n{(i % 5 == 0 ? "é" : "")}{i}";
            Assert.True(map.AsMap.TryGet(map.Node, CelValue.Of(name), out var value), name);
            Assert.Equal((i, i, name), (value.AsInt, map.AsMap.ValueAt(map.Node, i).AsInt, map.AsMap.KeyAt(map.Node, i).AsText()));
            Assert.True(Evaluate($"args.list[{i}] == {i} && args.map['{name}'] == {i}", json, text).IsTrue);
            if (count > 100 && i % 500 != 0) continue;
            root = json.Read(text);
            root.AsMap.TryGet(root.Node, CelValue.Of("map"), out map);
        }
        Assert.False(map.AsMap.TryGet(map.Node, CelValue.Of("n"), out _));
        Assert.False(map.AsMap.TryGet(map.Node, CelValue.Of($"n{count}"), out _));
    }

    [Fact]
    public void A_loop_over_a_hundred_thousand_items_ends_as_soon_as_its_cost_is_spent_or_it_is_done()
    {
        // Walked from the start for each item these are 5·10⁹ steps each.
        var json = new CelJson();
        var text = "{\"ids\":[" + string.Join(',', Enumerable.Repeat("1", 100_000)) + "]}";
        Assert.True(Evaluate("!(5 in args.ids)", json, text).IsTrue);
        Assert.True(Evaluate("args.ids == args.ids", json, text).IsTrue);
        Assert.Equal(CelKind.Error, Evaluate("args.ids.all(i, args.ids.all(k, i == k))", json, text).Kind);
    }

    [Fact]
    public void A_chain_of_optional_members_of_what_is_missing_is_evaluated_once_each()
    {
        var chain = "args.x" + string.Concat(Enumerable.Repeat(".?a", 60));
        Assert.Equal(CelKind.Error, Evaluate(chain, new CelJson(), "{}").Kind);
        Assert.Equal(CelKind.Error, Evaluate($"has({chain}.b)", new CelJson(), "{}").Kind);
    }

    [Fact]
    public void A_member_that_is_there_twice_is_found_however_it_is_written()
    {
        string[] parts = ["a", "b", "\\u0061", "é", "\\u00e9", "", "\\\\", "\\u005c"];
        var random = new Random(20261123);
        var json = new CelJson();
        var twice = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var names = Enumerable.Range(0, random.Next(1, 20)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => parts[random.Next(parts.Length)]))).ToList();
            var isTwice = names.Select(name => JsonSerializer.Deserialize<string>($"\"{name}\"")).Distinct(StringComparer.Ordinal).Count() < names.Count;
            Assert.Equal(isTwice, json.Read($"{{{string.Join(',', names.Select(name => $"\"{name}\":1"))}}}").Kind == CelKind.Error);
            if (isTwice) twice++;
        }
        Assert.InRange(twice, 2_000, 18_000);
    }

    private static CelValue Evaluate(string expression, CelJson json, string text)
    {
        var environment = new CelEnvironment([new CelVariable("args", CelType.Dyn)]) { Limits = new CelLimits { Cost = 200_100 } };
        Assert.True(environment.TryCompile(expression, out var program, out var issues), string.Join('\n', issues));
        return program.Evaluate(new CelBindings(json.Read(text)));
    }
}
