using Symbolon.Testing.Processes;

namespace Symbolon.EndToEndTests.Conformance;

/// <summary>A scenario for clients at one version: the suite plays the server, and tests/node/conformance-client.mjs is the client.</summary>
internal sealed record ClientRun(string Scenario, string Version)
{
    /// <summary>All but those in which the client gets itself a token: there the gateway would have to be the client of another authorization server.</summary>
    public static async Task<IReadOnlyList<ClientRun>> AllAsync(bool isLong) =>
    [
        .. from each in await Suite.ClientScenariosAsync()
           where !each.Scenario.StartsWith("auth/", StringComparison.Ordinal)
           from version in isLong ? each.Versions : each.Versions[^1..]
           select new ClientRun(each.Scenario, version),
    ];

    /// <param name="symbolon">What stands between client and server; null for nothing.</param>
    public async Task<IReadOnlyList<Check>> RunAsync(SymbolonProcess? symbolon)
    {
        var environment = symbolon is null ? null : new Dictionary<string, string?>
        {
            ["SYMBOLON_PROGRAM"] = SymbolonProcess.Program, ["SYMBOLON_URL"] = symbolon.Url.GetLeftPart(UriPartial.Authority), ["SYMBOLON_TOKEN"] = symbolon.AdminToken,
        };
        // The suite cuts the command at its spaces.
        var command = $"{NodeProgram.File("node_modules", "node", "bin", "node")} {NodeProgram.File("conformance-client.mjs")} {(symbolon is null ? "direct" : "gateway")}";
        var (checks, said) = await Suite.RunAsync([Suite.Program, "client", "--command", command, "--scenario", Scenario, "--spec-version", Version], environment);
        var isWell = !said.Contains("CLIENT EXITED WITH ERROR", StringComparison.Ordinal) && !said.Contains("CLIENT TIMED OUT", StringComparison.Ordinal);
        // What the client itself made of it is no check of the suite's.
        return [.. checks, new Check { Scenario = Scenario, Id = "client", Name = "ended well", Status = isWell ? "SUCCESS" : "FAILURE", ErrorMessage = isWell ? null : said }];
    }
}
