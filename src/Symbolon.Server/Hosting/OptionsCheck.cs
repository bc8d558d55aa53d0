using System.ComponentModel.DataAnnotations;
using System.Net;
using Symbolon.Core.Registry;
using Symbolon.Gateway;
using Symbolon.Server.Edge;
using Symbolon.Server.Files;

namespace Symbolon.Server.Hosting;

/// <summary>Everything that must hold before anything starts, each failure with the name of its setting.</summary>
public static class OptionsCheck
{
    private static readonly string[] LogLevels = ["trace", "debug", "information", "warning", "error"];

    /// <returns>All errors, none when the options are good.</returns>
    public static IReadOnlyList<string> Errors(SymbolonOptions options)
    {
        var errors = new List<string>();
        CheckDirectory(options, errors);
        CheckListeners(options, errors);
        CheckPublicUrls(options, errors);
        CheckTls(options, errors);
        foreach (var proxy in options.TrustedProxies)
            if (!IPNetwork.TryParse(proxy, out _) && !IPAddress.TryParse(proxy, out _))
                errors.Add($"proxy.trusted: '{proxy}' is neither an address nor a network such as 10.0.0.0/8");
        if (!LogLevels.Contains(options.LogLevel))
            errors.Add($"log.level: '{options.LogLevel}' is none of {string.Join(", ", LogLevels)}");
        if (options.RunnerSocket is { } socket && !socket.StartsWith('/')) errors.Add($"runner.socket: '{socket}' is no absolute path");
        if (options is { RunnerUser: not null, RunnerSocket: null }) errors.Add("runner.uid: says who listens on runner.socket, which is not set");
        if (options.Binding is { Binding: TokenBinding.Any, Effects.IsDefaultOrEmpty: false }) errors.Add("tokens.boundEffects: says what tokens.binding is about, which is not dpop");
        InRange("hsts", options.HstsSeconds ?? 0, 0, 63_072_000, errors);
        InRange("review.expiry", options.Reviews.Expiry, TimeSpan.FromHours(1), TimeSpan.FromDays(90), errors);
        InRange("maxStaleness", options.MaxStaleness, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), errors);
        InRange("limits.connections", options.MaxConnections, 16, 1_000_000, errors);
        InRange("limits.connectionsPerAddress", options.MaxConnectionsPerAddress, 1, 1_000_000, errors);
        InRange("limits.headers", options.MaxHeaderBytes, 4 * 1024, 256 * 1024, errors);
        InRange("limits.connect", options.ConnectTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60), errors);
        WebhookCheck.Add(options, errors);
        CheckLimits(options.Gateway, errors);
        CheckRanges(options.AuthorizationServer, "", errors);
        return errors;
    }

    private static void CheckDirectory(SymbolonOptions options, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(options.DataDirectory) || options.DataDirectory.Contains('\0')) errors.Add("data: a directory is needed");
        else if (File.Exists(options.DataDirectory)) errors.Add($"data: {options.DataDirectory} is a file");
    }

    private static void CheckListeners(SymbolonOptions options, List<string> errors)
    {
        if (options.Urls.Count == 0) errors.Add("urls: at least one address is needed");
        foreach (var (setting, url) in options.Urls.Select(url => ("urls", url)).Concat(options.AdminUrls.Select(url => ("adminUrls", url))))
        {
            if (ListenAddress.Parse(url) is not { } address)
            {
                errors.Add($"{setting}: '{url}' must be {ListenAddress.Rule}");
                continue;
            }
            if (!address.IsTls && !address.IsLoopback && options.TrustedProxies.Count == 0)
                errors.Add($"{setting}: {url} is plain http off loopback; give a certificate (--tls-cert, --tls-key) or declare the proxy that terminates TLS (proxy.trusted)");
            if (address.IsTls && options.TlsCertificate is null) errors.Add($"{setting}: {url} needs --tls-cert and --tls-key");
            if (!address.IsLoopback && options.PublicUrls.Count == 0 && IsAny(address.Address!))
                errors.Add($"publicUrls: {url} listens on every address, so the origins that callers use must be named");
        }
        foreach (var twice in options.Urls.Intersect(options.AdminUrls).Where(url => ListenAddress.Parse(url) is { Port: not 0 }))
            errors.Add($"adminUrls: {twice} is also in urls; the admin API needs a listener of its own there");
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static void CheckPublicUrls(SymbolonOptions options, List<string> errors)
    {
        foreach (var url in options.PublicUrls)
            if (PublicOrigin.Parse(url) is null)
                errors.Add($"publicUrls: '{url}' must be {PublicOrigin.Rule}");
    }

    private static void CheckTls(SymbolonOptions options, List<string> errors)
    {
        if (options.TlsCertificate is null != options.TlsKey is null) errors.Add("tls.certificate and tls.key: both or none");
        if (options.TlsCertificate is { } certificate && !File.Exists(certificate)) errors.Add($"tls.certificate: {certificate} does not exist");
        if (options.TlsKey is not { } key) return;
        if (!File.Exists(key)) errors.Add($"tls.key: {key} does not exist");
        else if (OwnerOnlyFile.IsOpenToOthers(key)) errors.Add($"tls.key: {key} is open to others than its owner; chmod 600 it");
    }

    /// <summary>The ranges are written where the limits are, as attributes.</summary>
    private static void CheckLimits(GatewayOptions limits, List<string> errors) => CheckRanges(limits, "limits: ", errors);

    private static void CheckRanges(object options, string prefix, List<string> errors)
    {
        var found = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true);
        errors.AddRange(found.Select(result => prefix + result.ErrorMessage));
    }

    private static void InRange<T>(string setting, T value, T least, T most, List<string> errors) where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) errors.Add($"{setting}: {value} is not between {least} and {most}");
    }
}
