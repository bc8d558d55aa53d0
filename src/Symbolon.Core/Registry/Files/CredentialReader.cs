using System.Globalization;
using System.Text.Json;
using Symbolon.Core.Identity;

namespace Symbolon.Core.Registry.Files;

/// <summary><c>spec.credential</c>: none; or a sealed secret in one header, or one variable of a process, until a day, of its own or shared; or tokens, of our own or of another authorization server.</summary>
internal static class CredentialReader
{
    public const string DateRule = "a day as YYYY-MM-DD";

    private static readonly string[] OfStatic = ["header", "env", "file", "secret", "expires"];
    private static readonly string[] OfExchange = ["audience", "ttl", "rotation", "federation", "at"];
    private static readonly string[] NotOfExchange = ["header", "env", "secret", "expires"];

    public static UpstreamCredential Read(ObjectFields spec, UpstreamAddress? upstream, FieldErrors errors)
    {
        var none = new UpstreamCredential.None();
        if (spec.Value("credential", required: false, JsonValueKind.Object) is not { } found
            || ObjectFields.Open(found, "spec.credential", errors, ["mode", .. OfStatic, .. OfExchange]) is not { } fields) return none;
        var mode = fields.Text("mode", 64, required: true);
        if (mode is "none") Refuse(fields, OfStatic, "static or shared");
        if (mode is "exchange") Refuse(fields, NotOfExchange, "static or shared");
        if (mode is "none" or "static" or "shared") Refuse(fields, OfExchange, "exchange");
        switch (mode)
        {
            case "static" or "shared": return ReadStored(fields, upstream, mode == "shared") ?? (UpstreamCredential)none;
            case "exchange" when fields.Has("at"): return ForeignReader.Read(fields, AudienceOf(fields), upstream, errors) ?? (UpstreamCredential)none;
            case "exchange": return ReadExchange(fields, upstream, errors) ?? (UpstreamCredential)none;
            case not (null or "none"):
                fields.Error("mode", FieldErrorCode.BadValue, "spec.credential.mode must be none, static, shared or exchange.");
                break;
        }
        return none;
    }

    private static void Refuse(ObjectFields fields, string[] names, string mode)
    {
        foreach (var name in names)
            if (fields.Has(name)) fields.Error(name, FieldErrorCode.BadValue, $"spec.credential.{name} belongs to mode {mode}.");
    }

    private static UpstreamCredential.Exchange? ReadExchange(ObjectFields fields, UpstreamAddress? upstream, FieldErrors errors)
    {
        var file = FileOf(fields, upstream);
        var audience = AudienceOf(fields);
        var seconds = UpstreamCredential.Exchange.UsualTtl;
        if (fields.Text("ttl", 64) is { } ttl && (!Durations.TryParse(ttl, out seconds) || seconds is < UpstreamCredential.Exchange.LeastTtl or > UpstreamCredential.Exchange.MostTtl))
            fields.Error("ttl", FieldErrorCode.BadValue, $"spec.credential.ttl must be between 5m and 4h: {Durations.Rule}.");
        if (file is not null && seconds is <= UpstreamCredential.Exchange.MostTtl and > UpstreamCredential.Exchange.MostUnboundTtl)
            fields.Error("ttl", FieldErrorCode.BadValue, "spec.credential.ttl may be 1h at most with spec.credential.file: the token is bound to no key.");
        var rotation = 0L;
        if (fields.Text("rotation", 64) is { } age
            && (!Durations.TryParse(age, out rotation) || rotation is < UpstreamCredential.Exchange.LeastRotation or > UpstreamCredential.Exchange.MostRotation))
            fields.Error("rotation", FieldErrorCode.BadValue, $"spec.credential.rotation must be between 1h and 365d: {Durations.Rule}.");
        var federation = FederationReader.Read(fields, errors);
        return audience is null ? null : new UpstreamCredential.Exchange
        {
            Audience = audience, TtlSeconds = seconds, Federation = federation, File = file, RotationSeconds = rotation > 0 ? rotation : null,
        };
    }

    private static string? AudienceOf(ObjectFields fields)
    {
        var audience = fields.Text("audience", ApiAudience.MostLength, required: true);
        if (audience is not null && !ApiAudience.IsAcceptable(audience, out var why)) fields.Error("audience", FieldErrorCode.BadValue, $"spec.credential.audience {why}.");
        return audience;
    }

    /// <summary>A process may have its token in a file, bound to no key; whoever is called over HTTP has a key.</summary>
    private static string? FileOf(ObjectFields fields, UpstreamAddress? upstream)
    {
        if (upstream is UpstreamAddress.Stdio && !fields.Has("file"))
            fields.Error("mode", FieldErrorCode.NotSupportedYet, "spec.credential.mode exchange with keys is not supported with transport stdio yet; with spec.credential.file a process gets its token in a file.");
        if (upstream is UpstreamAddress.Sse)
            fields.Error("mode", FieldErrorCode.NotSupportedYet, "spec.credential.mode exchange is not supported with transport sse yet; it needs transport http.");
        if (fields.Text("file", 1024) is not { } name || upstream is null) return null;
        if (upstream is UpstreamAddress.Stdio process) CheckVariable(fields, "file", name, process);
        else fields.Error("file", FieldErrorCode.BadValue, $"spec.credential.file does not belong to transport {upstream.Transport}: only a process reads one.");
        if (fields.Has("federation")) fields.Error("federation", FieldErrorCode.BadValue, "spec.credential.federation does not go with spec.credential.file: a server with a file has no keys to enrol.");
        if (fields.Has("rotation")) fields.Error("rotation", FieldErrorCode.BadValue, "spec.credential.rotation does not go with spec.credential.file: a server with a file has no keys that get old.");
        return name;
    }

    private static UpstreamCredential.Stored? ReadStored(ObjectFields fields, UpstreamAddress? upstream, bool isShared)
    {
        // A process has no headers, and nothing else has variables.
        var isProcess = upstream is UpstreamAddress.Stdio;
        var place = !isProcess ? "header" : fields.Has("file") ? "file" : "env";
        foreach (var other in isProcess ? ["header"] : new[] { "env", "file" })
            if (upstream is not null && fields.Has(other))
                fields.Error(other, FieldErrorCode.BadValue, $"spec.credential.{other} does not belong to transport {upstream.Transport}; it takes {(isProcess ? "env or file" : place)}.");
        if (place == "file" && fields.Has("env")) fields.Error("env", FieldErrorCode.Duplicate, "spec.credential takes env or file: the variable holds the secret itself, or names the file that does.");
        var name = fields.Text(place, 1024, required: upstream is not null);
        if (name is not null && !isProcess && !SecretHeader.IsAllowed(name))
            fields.Error(place, FieldErrorCode.BadValue, $"spec.credential.header must be {SecretHeader.Rule}.");
        if (name is not null && upstream is UpstreamAddress.Stdio process) CheckVariable(fields, place, name, process);
        var secret = fields.Text("secret", 1024, required: true);
        if (secret is not null && !ObjectName.IsValid(secret))
            fields.Error("secret", FieldErrorCode.BadName, $"spec.credential.secret is the name of a stored secret: {ObjectName.Rule}.");
        // A static secret is one that nobody rotates for us: DESIGN.md, Reviews, wants a day on which it ends.
        var expires = DayOf(fields, "expires", required: true);
        if (name is null || secret is null || expires is null) return null;
        string? Named(string field) => place == field ? name : null;
        return isShared
            ? new UpstreamCredential.Shared { Header = Named("header"), Env = Named("env"), File = Named("file"), Secret = secret, Expires = expires }
            : new UpstreamCredential.Static { Header = Named("header"), Env = Named("env"), File = Named("file"), Secret = secret, Expires = expires };
    }

    private static void CheckVariable(ObjectFields fields, string place, string name, UpstreamAddress.Stdio process)
    {
        if (!EnvName.IsAllowed(name)) fields.Error(place, FieldErrorCode.BadName, $"spec.credential.{place}: {EnvName.Why(TextRules.Shown(name))}.");
        if (process.Env.ContainsKey(name)) fields.Error(place, FieldErrorCode.Duplicate, $"spec.credential.{place} and spec.upstream.env both set {name}.");
    }

    public static DateOnly? DayOf(ObjectFields fields, string name, bool required = false)
    {
        if (fields.Text(name, 64, required) is not { } text) return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        fields.Error(name, FieldErrorCode.BadValue, $"{fields.PathOf(name)} must be {DateRule}.");
        return null;
    }
}
