using System.Security.Cryptography;
using System.Text;
using Symbolon.Core.Identity;
using Symbolon.Core.Sealing;
using Symbolon.Server.Sealing;

namespace Symbolon.UnitTests.Server;

[Trait("area", "sealing")]
public sealed class SecretBoxTests
{
    private static readonly MasterKey Key = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly SecretPlace Place = new(OrganisationId.Default, "upstream", "deploy-api", 3);
    private static readonly byte[] Secret = Encoding.UTF8.GetBytes("Bearer hunter2");

    private readonly SecretBox box = new(Key);

    [Fact]
    public void A_sealed_secret_opens_in_its_place_and_does_not_show_its_text()
    {
        var sealedSecret = box.Seal(Place, Secret);

        Assert.Equal(Secret, box.Open(Place, sealedSecret));
        Assert.Equal(-1, sealedSecret.AsSpan().IndexOf("hunter2"u8));
    }

    [Fact]
    public void The_same_secret_sealed_twice_looks_different() => Assert.NotEqual(box.Seal(Place, Secret), box.Seal(Place, Secret));

    [Fact]
    public void A_change_of_any_byte_keeps_it_shut()
    {
        var sealedSecret = box.Seal(Place, Secret);
        for (var i = 0; i < sealedSecret.Length; i++)
            for (var bit = 1; bit < 256; bit <<= 1)
            {
                var tampered = (byte[])sealedSecret.Clone();
                tampered[i] ^= (byte)bit;
                Assert.Null(box.Open(Place, tampered));
            }
    }

    [Fact]
    public void A_cut_one_stays_shut()
    {
        var sealedSecret = box.Seal(Place, Secret);
        for (var length = 0; length < sealedSecret.Length; length++) Assert.Null(box.Open(Place, sealedSecret.AsSpan(0, length)));
    }

    public static TheoryData<string, string, string, long> OtherPlaces => new()
    {
        { "other", "upstream", "deploy-api", 3 },
        { "default", "signing", "deploy-api", 3 },
        { "default", "upstream", "deploy-api2", 3 },
        { "default", "upstream", "deploy-api", 4 },
        // The same letters, cut elsewhere: the parts are length-prefixed.
        { "defaultu", "pstream", "deploy-api", 3 },
        { "default", "upstreamd", "eploy-api", 3 },
    };

    [Theory]
    [MemberData(nameof(OtherPlaces))]
    public void Moved_to_another_place_it_stays_shut(string organisation, string kind, string id, long version) =>
        Assert.Null(box.Open(new SecretPlace(new OrganisationId(organisation), kind, id, version), box.Seal(Place, Secret)));

    [Fact]
    public void Another_master_key_does_not_open_it() => Assert.Null(new SecretBox(new MasterKey(RandomNumberGenerator.GetBytes(MasterKey.Length))).Open(Place, box.Seal(Place, Secret)));

    [Fact]
    public void An_empty_secret_is_a_secret() => Assert.Empty(box.Open(Place, box.Seal(Place, []))!);

    [Fact]
    public void Derived_keys_differ_by_organisation_and_purpose_and_stay_the_same()
    {
        byte[][] keys =
        [
            box.DeriveKey(OrganisationId.Default, "audit"),
            box.DeriveKey(OrganisationId.Default, "session"),
            box.DeriveKey(new OrganisationId("other"), "audit"),
            box.DeriveKey(new OrganisationId("defaul"), "taudit"),
        ];

        Assert.Equal(keys.Length, keys.Select(Convert.ToHexString).Distinct().Count());
        Assert.All(keys, key => Assert.Equal(32, key.Length));
        Assert.Equal(keys[0], new SecretBox(Key).DeriveKey(OrganisationId.Default, "audit"));
    }

    [Fact]
    public void Fingerprints_tell_equal_secrets_within_one_organisation_only()
    {
        Assert.Equal(box.Fingerprint(OrganisationId.Default, Secret), box.Fingerprint(OrganisationId.Default, Secret));
        Assert.NotEqual(box.Fingerprint(OrganisationId.Default, Secret), box.Fingerprint(new OrganisationId("other"), Secret));
        Assert.NotEqual(box.Fingerprint(OrganisationId.Default, Secret), box.Fingerprint(OrganisationId.Default, "Bearer hunter3"u8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_master_key_of_another_length_is_refused(int length) =>
        Assert.Throws<ArgumentException>(() => new MasterKey(new byte[length]));
}
