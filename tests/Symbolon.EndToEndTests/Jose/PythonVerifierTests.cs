using System.Text;
using System.Text.Json.Nodes;
using Symbolon.EndToEndTests.Fixtures;
using Symbolon.EndToEndTests.Proofs;
using Symbolon.Jose;
using Xunit;

namespace Symbolon.EndToEndTests.Jose;

/// <summary>Access tokens as an API in Python sees them that takes them by authlib and our metadata.</summary>
[Trait("area", "oauth")]
[Trait("clause", "RFC 9068 §4")]
public sealed class PythonVerifierTests(RunningGateway gateway)
{
    [Fact]
    public async Task Authlib_takes_our_tokens_for_their_resource_and_none_that_was_tampered_with()
    {
        using var machine = await MachineClient.CreateAsync(gateway.Symbolon, gateway.Setup, "python", "hostile", "fine");
        var bearer = await machine.TokenAsync("hostile", isBound: false);
        var bound = await machine.TokenAsync("hostile", isBound: true);
        var parts = bearer.Split('.');
        string[] tampered =
        [
            $"{parts[0]}.{Changed(parts[1], "agent:python", "agent:pythia")}.{parts[2]}", $"{Changed(parts[0], "at+jwt", "at+jws")}.{parts[1]}.{parts[2]}",
            $"{Changed(parts[0], "ES256", "none")}.{parts[1]}.", $"{parts[0]}.{parts[1]}.{bound.Split('.')[2]}", $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{bound.Split('.')[1]}.{parts[2]}",
        ];

        var lines = await VerifyAsync(machine.Origin + "/mcp/hostile", [bearer, bound, .. tampered]);
        foreach (var claims in lines.Take(2).Select(line => line["claims"] ?? throw new InvalidOperationException(line.ToJsonString())))
        {
            Assert.Equal(("agent:python", "agent:python"), ((string)claims["sub"]!, (string)claims["client_id"]!));
            Assert.Equal((machine.Origin, machine.Origin + "/mcp/hostile"), ((string)claims["iss"]!, (string)claims["aud"]!));
        }
        Assert.Equal(machine.Proofs.Thumbprint.ToString(), (string?)lines[1]["claims"]!["cnf"]!["jkt"]);
        Assert.All(lines.Skip(2), line => Assert.NotNull(line["error"]));

        Assert.NotNull(Assert.Single(await VerifyAsync(machine.Origin + "/mcp/everything", [bearer]))["error"]);
    }

    private static string Changed(string part, string from, string to)
    {
        var text = Encoding.UTF8.GetString(Base64Url.Decode(Encoding.ASCII.GetBytes(part))!);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Base64Url.Encode(Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal)));
    }

    private Task<IReadOnlyList<JsonNode>> VerifyAsync(string resource, string[] tokens) => PythonVerifier.VerifyAsync(gateway.Symbolon.Url, resource, tokens);
}
