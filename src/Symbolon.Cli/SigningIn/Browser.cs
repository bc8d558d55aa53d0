using System.ComponentModel;
using System.Diagnostics;

namespace Symbolon.Cli.SigningIn;

/// <summary>The browser of whoever typed the command.</summary>
internal static class Browser
{
    /// <summary>Tries to; where it does not work, the address is printed anyway.</summary>
    public static void Open(Uri page)
    {
        try
        {
            var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(page.AbsoluteUri) { UseShellExecute = true }
                : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [page.AbsoluteUri]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var opened = Process.Start(start);
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException or IOException)
        {
            // There is none.
        }
    }
}
