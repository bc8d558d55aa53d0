using Symbolon.Jose.Json;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "json")]
public sealed class StrictJsonFuzzTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Mutated_texts_get_the_verdict_and_the_reading_of_a_plain_second_opinion(int seed)
    {
        var random = new Random(seed);
        var outline = new JsonOutline();
        var accepted = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var text = JsonMutations.Next(random);
            var error = StrictJson.Scan(text, JsonLimits.Default, MemberRule.EveryObject, outline);
            var printable = Convert.ToHexString(text);
            Assert.True(error.Accepted == JsonReference.Accepts(text), $"{error} for {printable}");
            Assert.InRange(error.Offset, 0, text.Length);
            if (!error.Accepted) continue;
            accepted++;
            JsonReference.AssertReadsLikeJsonDocument(text);
            AssertOutlineAgrees(text, outline, printable);
        }
        Assert.InRange(accepted, 250, 4_750);
    }

    private static void AssertOutlineAgrees(byte[] text, JsonOutline outline, string printable)
    {
        var walked = JsonValue.Root(text);
        Assert.Equal(walked.Kind == JsonKind.Object, outline.TryGetRoot(text, out var root));
        var members = walked.Members;
        foreach (var outlined in root)
        {
            Assert.True(members.MoveNext(), printable);
            Assert.Equal(members.Current.Name, outlined.Name);
            Assert.True(members.Current.Value.Raw.SequenceEqual(outlined.Value.Raw), printable);
        }
        Assert.False(members.MoveNext(), printable);
    }
}
