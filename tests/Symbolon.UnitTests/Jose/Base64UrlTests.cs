using System.Text;
using Symbolon.Jose;

namespace Symbolon.UnitTests.Jose;

[Trait("area", "jose")]
public sealed class Base64UrlTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("f", "Zg")]
    [InlineData("fo", "Zm8")]
    [InlineData("foo", "Zm9v")]
    [InlineData("foob", "Zm9vYg")]
    [InlineData("fooba", "Zm9vYmE")]
    [InlineData("foobar", "Zm9vYmFy")]
    public void The_vectors_of_RFC_4648_go_both_ways_without_padding(string plain, string digits)
    {
        Assert.Equal(digits, Base64Url.Encode(Encoding.ASCII.GetBytes(plain)));
        Assert.Equal(plain, Encoding.ASCII.GetString(Base64Url.Decode(Encoding.ASCII.GetBytes(digits))!));
    }

    [Fact]
    public void The_example_of_RFC_7515_appendix_C_goes_both_ways()
    {
        byte[] bytes = [3, 236, 255, 224, 193];
        Assert.Equal("A-z_4ME", Base64Url.Encode(bytes));
        Assert.Equal(bytes, Base64Url.Decode("A-z_4ME"u8));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("Zm9vY")]
    [InlineData("Zg==")]
    [InlineData("Zm8=")]
    [InlineData("Zg=")]
    [InlineData("Zm9v\n")]
    [InlineData(" Zm9v")]
    [InlineData("Zm 9v")]
    [InlineData("Zm9v\r\n")]
    [InlineData("Zm9v\t\t\t\t")]
    [InlineData("A+z/")]
    [InlineData("Zm9.")]
    [InlineData("Zm9\0")]
    [InlineData("Zé9")]
    public void Any_other_spelling_is_refused(string digits) =>
        Assert.Null(Base64Url.Decode(Encoding.UTF8.GetBytes(digits)));

    [Fact]
    public void One_value_has_one_spelling()
    {
        const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var accepted = 0;
        foreach (var first in alphabet)
            foreach (var second in alphabet)
                foreach (var text in new[] { $"{first}{second}", $"Q{first}{second}" })
                {
                    if (Base64Url.Decode(Encoding.ASCII.GetBytes(text)) is not { } bytes) continue;
                    Assert.Equal(text, Base64Url.Encode(bytes));
                    accepted++;
                }
        // 256 values of one byte, and 64 * 16 of the pairs that start with these six bits.
        Assert.Equal(256 + 1024, accepted);
    }

    [Fact]
    public void Every_length_goes_both_ways_in_the_room_that_it_says()
    {
        var random = new Random(1);
        for (var length = 0; length < 200; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var digits = new byte[Base64Url.EncodedLength(length)];
            Assert.Equal(digits.Length, Base64Url.Encode(bytes, digits));
            Assert.Equal(length, Base64Url.DecodedLength(digits.Length));
            var decoded = new byte[length];
            Assert.True(Base64Url.TryDecode(digits, decoded, out var written) && written == length);
            Assert.Equal(bytes, decoded);
            if (length > 0) Assert.False(Base64Url.TryDecode(digits, decoded.AsSpan(1), out _));
        }
    }
}
