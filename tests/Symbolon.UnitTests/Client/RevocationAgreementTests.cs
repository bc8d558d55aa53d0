using System.Text;
using Symbolon.Client.Revocation;
using Symbolon.Client.Tokens;
using Symbolon.Core;
using Symbolon.Core.AccessTokens;
using Symbolon.Core.Identity;
using Symbolon.Core.Revocation;
using Symbolon.Jose;
using Symbolon.UnitTests.AuthorizationServer;

namespace Symbolon.UnitTests.Client;

/// <summary>An API that listens to the feed and one that asks about each token find the same of every token. DESIGN.md section 1, Revocation.</summary>
[Trait("area", "client")]
public sealed class RevocationAgreementTests
{
    private const string Authorization = "aut_0123456789012345678901";
    private const string Origin = "tok_0123456789012345678901";

    /// <summary>Level, target, and whether an epoch of now ends the server's own credential, and what it exchanged for alice by bot and the server a.</summary>
    public static TheoryData<RevocationLevel, string, bool, bool> Ends => new()
    {
        { RevocationLevel.Organisation, "default", true, true },
        { RevocationLevel.User, "alice@example.com", false, true },
        { RevocationLevel.User, "bob@example.com", false, false },
        { RevocationLevel.Agent, "bot", false, true },
        { RevocationLevel.Workflow, "ci", false, false },
        { RevocationLevel.Server, "deploy", false, true },
        { RevocationLevel.Server, "a", false, true },
        { RevocationLevel.Server, "other", false, false },
        { RevocationLevel.Credential, "deploy", true, true },
        { RevocationLevel.Credential, "a", false, true },
        { RevocationLevel.Client, "server:deploy", true, true },
        { RevocationLevel.Client, "cursor", false, true },
        { RevocationLevel.Client, "other", false, false },
        { RevocationLevel.Authorization, Authorization, false, true },
        { RevocationLevel.Token, Origin, false, true },
        { RevocationLevel.Token, "itself", true, true },
        { RevocationLevel.Key, "bound", true, true },
        { RevocationLevel.Key, "signing", true, true },
        { RevocationLevel.Grant, "bot-deploy", false, false },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    [Trait("clause", "DESIGN.md §1 Revocation")]
    public async Task The_feed_and_introspection_agree_on_what_ends_a_token(RevocationLevel level, string target, bool credential, bool exchanged)
    {
        await using var rig = await ServerRig.StartAsync();
        rig.Host.Apply(ServerRig.ServerOf() with { Name = new ServerName("a") });
        var consented = UnixTime.Microseconds(rig.Host.Clock);
        var call = rig.Forge(rig.CallToken(), $$$"""{"act":{"sub":"server:a","act":{"sub":"agent:bot"}},"authorization_id":"{{{Authorization}}}","origin_jti":"{{{Origin}}}"}""");
        rig.Host.Clock.Advance(TimeSpan.FromSeconds(2));
        var tokens = new[] { await rig.AskAsync(null), await rig.ExchangeAsync(call) }.Select(answer => answer.Json.GetProperty("access_token").GetString()!).ToList();
        var issued = UnixTime.Microseconds(rig.Host.Clock);
        foreach (var (i, token) in tokens.Index())
        {
            var asked = rig.Host.Get<DownstreamTokenReader>().Read(token, issued)!;
            var heard = TokenContent.Read(Base64Url.Decode(Encoding.ASCII.GetBytes(token.Split('.')[1])), asked.KeyId)!;
            var aim = target switch { "itself" => asked.Id.Value, "bound" => asked.Key!.Value.ToString(), "signing" => asked.KeyId, _ => target };
            // Before the consent, between that and the issue, and now.
            foreach (var notBefore in new[] { consented - 1_000_000, consented + 1_000_000, issued + 1_000_000 })
            {
                var (epochs, table) = (new EpochTable(), new RevocationTable(rig.Host.Clock));
                epochs.Raise(new Epoch(OrganisationId.Default, level, aim, notBefore));
                Assert.True(table.Raise(RevocationTable.HashOf(level.ToString().ToLowerInvariant(), aim), notBefore));
                Assert.True(epochs.IsRevoked(asked) == table.IsRevoked(heard), $"{asked.Kind} at {notBefore - issued}: asked {epochs.IsRevoked(asked)}, heard {table.IsRevoked(heard)}");
                if (notBefore > issued) Assert.Equal(i == 0 ? credential : exchanged, epochs.IsRevoked(asked));
            }
        }
    }
}
