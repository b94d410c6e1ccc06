using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace RealtimeCnn.Studio.Serving;

/// <summary>
/// Who may come in. On the loopback address only a page of ours, under a name of this machine: another page that had its own name point
/// here (DNS rebinding), or sends its visitors' browsers here, is turned away. Where there is a token, everybody needs it for everything.
/// </summary>
/// <param name="token">What opens the page; null for none.</param>
/// <param name="isLoopback">Whether only this machine reaches it.</param>
internal sealed class Gate(string? token, bool isLoopback)
{
    /// <summary>Parameter of the address that has the token.</summary>
    public const string Parameter = "token";

    private static readonly (string Name, string Value)[] Headers =
    [
        ("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ];

    private readonly byte[]? _hash = token == null ? null : Hash(token);

    /// <summary>Lets a request in, or answers it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What is behind the gate.</param>
    public Task PassAsync(HttpContext context, RequestDelegate next)
    {
        foreach (var (name, value) in Headers)
            context.Response.Headers[name] = value;
        if (WhyNot(context.Request) is { } reason)
            return RefuseAsync(context, StatusCodes.Status403Forbidden, reason);
        if (_hash == null)
            return next(context);
        string cookie = $"rtcnn-studio-{context.Connection.LocalPort}";
        if (IsRight(context.Request.Query[Parameter]))
        {
            // From here on the browser has it, and the address need not.
            context.Response.Cookies.Append(cookie, token!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
            return next(context);
        }

        string? bearer = context.Request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : null;
        return IsRight(bearer) || IsRight(context.Request.Cookies[cookie]) ? next(context)
            : RefuseAsync(context, StatusCodes.Status401Unauthorized, "This page opens with its token: take the whole address that 'rtcnn studio' printed.");
    }

    private string? WhyNot(HttpRequest request)
    {
        if (isLoopback && !IsThisMachine(request.Host))
            return $"This page is not '{request.Host.Host}': take the address that 'rtcnn studio' printed.";
        if (request.Headers.Origin is [var origin] && origin != $"{request.Scheme}://{request.Host}")
            return "Other pages have no business here.";
        bool isOpening = request.Path == "/" && HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate";
        return request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none") && !isOpening ? "Other pages have no business here." : null;
    }

    private static bool IsThisMachine(HostString host) => host.Host == "localhost" || (IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address));

    // The time that it takes says nothing about the token, its length included.
    private bool IsRight(string? given) => given != null && CryptographicOperations.FixedTimeEquals(Hash(given), _hash);

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason);
    }
}
