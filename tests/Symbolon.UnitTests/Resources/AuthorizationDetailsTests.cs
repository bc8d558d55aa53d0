using System.Buffers;
using System.Text.Json;
using Symbolon.Core.OAuth;
using Symbolon.Core.Resources;

namespace Symbolon.UnitTests.Resources;

/// <summary>What is granted is written into stores and tokens: whatever is let through has to be read again.</summary>
[Trait("area", "oauth")]
public sealed class AuthorizationDetailsTests
{
    [Theory]
    [InlineData(469, false)]
    [InlineData(496, true)]
    [Trait("clause", "DESIGN.md §4 Scopes")]
    [Trait("hostile", "details")]
    public void Patterns_whose_common_part_is_longer_than_a_pattern_may_be_are_too_large(int letters, bool isTooLarge)
    {
        var asked = Set("*/namespace:" + new string('n', letters) + "/*");
        var needed = Set("cluster:production-in-the-west/*/*");
        Assert.Equal(isTooLarge, AuthorizationDetails.IsTooLarge(asked.Intersect(needed)));
    }

    [Fact]
    [Trait("hostile", "details")]
    public void Details_that_are_written_longer_than_they_may_be_read_are_too_large()
    {
        // Each alone is within the limits; a plus is six characters where it is written.
        var details = ResourceSet.Of(Enumerable.Range(0, AuthorizationDetails.Most).Select(i => new ResourceNeed(["read"], Pattern($"d{i}/" + new string('+', 400)))));
        Assert.True(AuthorizationDetails.IsTooLarge(details));
    }

    [Fact]
    [Trait("clause", "RFC 9396 §7")]
    public void What_is_not_too_large_is_read_as_it_was_written()
    {
        var random = new Random(9396);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            var common = Any(random).Intersect(Any(random));
            if (common.IsEmpty) continue;
            if (AuthorizationDetails.IsTooLarge(common))
            {
                refused++;
                continue;
            }
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(buffer)) AuthorizationDetails.Write(json, common);
            var again = AuthorizationDetails.Parse(buffer.WrittenSpan, out var fault);
            Assert.True(again is not null, fault);
            Assert.Equal(common.ToString(), again.ToString());
            read++;
        }
        Assert.True(read > 100 && refused > 100, $"{read} were read and {refused} refused: neither side was tried.");
    }

    /// <summary>Each long in one segment and open in the other, so that two of them have in common what is long in both.</summary>
    private static ResourceSet Any(Random random) => ResourceSet.Of(Enumerable.Range(0, random.Next(1, 7)).Select(_ =>
    {
        var name = new string('x', random.Next(1, 500)) + (random.Next(2) == 0 ? "*" : "");
        return new ResourceNeed([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => "act" + random.Next(6)).Distinct()], Pattern(random.Next(2) == 0 ? name + "/*" : "*/" + name));
    }));

    private static ResourceSet Set(string resource) => ResourceSet.Of([new ResourceNeed(["read"], Pattern(resource))]);

    private static ResourcePattern Pattern(string text) => ResourcePattern.Parse(text, out var fault) ?? throw new ArgumentException(fault, nameof(text));
}
