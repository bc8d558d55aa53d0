using System.Text;
using BenchmarkDotNet.Attributes;
using Symbolon.Cel;
using Symbolon.Cel.Evaluation;
using Symbolon.Cel.Json;
using Symbolon.Cel.Types;
using Symbolon.Cel.Values;
using Symbolon.Gateway;
using Symbolon.Gateway.Authentication;
using Symbolon.Gateway.Mcp;
using Symbolon.Gateway.ToolCalls;
using Symbolon.Jose.Json;

namespace Symbolon.MicroBenchmarks;

/// <summary>All that rules add to a call of 1 KiB arguments, those read included (P14): ten rules, and a thousand of which ten are about its tool.</summary>
public class PolicyDecision : IDisposable
{
    private GatewayParts parts = null!;
    private CallRules rules = null!;
    private Exchange exchange = null!;

    [Params(10, 1_000)]
    public int Rules { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        var text = new PolicyText();
        var tools = PolicyText.Tools(Rules);
        parts = new GatewayParts(tools, text.Policies(tools));
        await parts.WarmAsync();
        rules = parts.Get<CallRules>();
        exchange = Open(RequestText.With(text.Arguments));
        if (!await DecideAsync() || exchange.Verdict?.Rule != "about-lookup/invoices") throw new InvalidOperationException($"The rules allow this call, by the last of ten, and not by {exchange.Verdict?.Rule}: {exchange.Verdict?.Error}");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        parts.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public async ValueTask<bool> DecideAsync() => await rules.DecideAsync(exchange) is null;

    private Exchange Open(byte[] text)
    {
        var opened = parts.Get<ExchangePool>().Open(parts.Http);
        parts.Get<CallerAuthenticator>().Authenticate(parts.Http, opened.Now, out var caller, out _);
        opened.Caller = caller;
        opened.Standing = (Standing.Known)parts.Get<StandingTable>().Of(caller!, GatewayParts.Server, opened.Now);
        text.CopyTo(opened.Message.Room(text.Length));
        opened.Message.Advance(text.Length);
        var options = parts.Get<GatewayOptions>();
        if (McpRequestReader.Read(opened.Message, new JsonLimits(options.MaxDepth, options.MaxMembers)) is { } refusal) throw new InvalidOperationException(refusal.Text);
        JsonValue.Root(opened.Message.At(opened.Message.Name)).TryGetPlainText(out var name);
        opened.Tool = opened.Standing.Reach.Find(name);
        return opened;
    }
}

/// <summary>The ten conditions alone, as a program without Symbolon would use <c>Symbolon.Cel</c>: nothing declared, arguments read from their text.</summary>
public class PolicyConditions
{
    private readonly CelJson json = new();
    private readonly byte[] arguments;
    private readonly CelProgram[] programs;
    private readonly CelValue[] values;
    private readonly CelBindings run;

    public PolicyConditions()
    {
        var text = new PolicyText();
        arguments = Encoding.UTF8.GetBytes(text.Arguments);
        var environment = new CelEnvironment([.. ((string[])["args", "subject", "actor", "server"]).Select(name => new CelVariable(name, CelType.Dyn))]);
        programs = [.. text.Conditions.Select(condition => environment.TryCompile(condition, out var program, out var issues) ? program : throw new InvalidOperationException(issues[0].Message))];
        values = [default, Table("user", ""), Table("agent", "bot"), Table("name", GatewayParts.Server)];
        run = new CelBindings(values);
        if (EvaluateTen() != 1) throw new InvalidOperationException("One condition of ten is true.");
    }

    [Benchmark]
    public int EvaluateTen()
    {
        values[0] = json.Read(arguments, 0, arguments.Length);
        var found = 0;
        foreach (var program in programs)
        {
            var value = program.Evaluate(run);
            if (value.Kind != CelKind.Bool) throw new InvalidOperationException("A condition has no value.");
            if (value.AsBool) found++;
        }
        return found;
    }

    private static CelValue Table(string name, string value) => CelValue.Of(new CelTable((name, CelValue.Of(value))));
}
