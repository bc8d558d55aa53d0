using System.Collections.Immutable;
using Symbolon.Core.Registry;

namespace Symbolon.UnitTests.Registry;

[Trait("area", "registry")]
public sealed class ProcessEnvironmentTests
{
    [Fact]
    public void A_process_gets_what_was_registered_its_secret_and_nothing_else_of_ours()
    {
        var server = new UpstreamAddress.Stdio { Command = "/srv/native", Env = ImmutableSortedDictionary<string, string>.Empty.Add("LOG", "debug").Add("HOME", "/data") };
        var variables = ProcessEnvironment.Of(server, ("API_KEY", "s"), name => $"our {name}");
        Assert.Equal(["API_KEY", "HOME", "LANG", "LOG", "PATH"], variables.Keys);
        Assert.Equal(("s", "/data", "debug"), (variables["API_KEY"], variables["HOME"], variables["LOG"]));
        Assert.DoesNotContain("our", variables["PATH"], StringComparison.Ordinal);
        Assert.DoesNotContain("/srv", variables["PATH"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_launcher_finds_what_stands_beside_it() => Assert.StartsWith("/opt/node/bin:/usr/local/sbin:",
        ProcessEnvironment.Of(new UpstreamAddress.Stdio { Command = "/opt/node/bin/npx" }, null, _ => null)["PATH"], StringComparison.Ordinal);
}
